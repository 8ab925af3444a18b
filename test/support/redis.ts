/** A Redis server for suites that need one; undefined leaves them out, and they say that they were skipped. */
export const REDIS_URL = process.env['TEST_REDIS_URL'];
