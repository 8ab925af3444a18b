import { plant } from './plant.ts';

/** Each try of a request has a key of its own: a receiver cannot tell that it is the same. */
plant({
  file: 'libs/plugins/http/dist/exchange.js',
  replace: [['headers[KEY_HEADER] = context.idempotencyKey', 'headers[KEY_HEADER] = crypto.randomUUID()']],
});
