import { PGlite } from '@electric-sql/pglite';

/**
 * PostgreSQL's 128 MB are written through at every start, whether they are needed or not: half a second and 128 MB of
 * memory. What is not held here is still held by the operating system, whose cache the files are read from.
 */
const SHARED_BUFFERS = '16MB';

/** Starts the embedded database on its folder; makes an empty one when there is none. */
export async function bootCluster(folder: string): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`];
  return await PGlite.create({ dataDir: folder, startParams });
}
