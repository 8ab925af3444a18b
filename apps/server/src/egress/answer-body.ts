import { Transform, pipeline } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { egressErrors } from './egress.errors.ts';

export interface BodyLimits {
  /** Bytes of the answer, as sent and as unpacked. */
  bytes: number;
  /** Unpacked bytes for each byte sent, beyond the first `ratioFreeBytes`. */
  ratio: number;
  ratioFreeBytes: number;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/** What the client says it can unpack. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/**
 * Reads a body to its end, unpacked. Throws `UPSTREAM_LIMIT` as soon as a limit is passed, long before the memory is
 * used up, and `UPSTREAM_INVALID` for an encoding that is unknown or broken.
 */
export async function readBody(
  body: Readable,
  { origin, encoding, limits }: { origin: string; encoding: string | undefined; limits: BodyLimits },
): Promise<Uint8Array> {
  const sent = new ByteCounter(limits.bytes, () =>
    egressErrors.tooLarge(origin, `it is larger than ${limits.bytes} bytes`),
  );
  const decoder = decoderOf(encoding, origin);
  const stages = decoder === null ? [body, sent] : [body, sent, decoder];
  const last = stages.at(-1) as Readable;
  // Whatever fails first ends every stage; the loop below hears of it as an error of the last one.
  pipeline(stages, () => undefined);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of last as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limits.bytes) throw egressErrors.tooLarge(origin, `it is larger than ${limits.bytes} bytes`);
    if (size > limits.ratioFreeBytes && size > sent.bytes * limits.ratio)
      throw egressErrors.tooLarge(origin, `it unpacks to more than ${limits.ratio} times its size`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, size));
}

function decoderOf(encoding: string | undefined, origin: string): Transform | null {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return null;
  const make = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (make === undefined) throw egressErrors.answerInvalid(origin, 'its content-encoding is not known');
  return make();
}

/** Lets bytes through and counts them, up to a limit. */
class ByteCounter extends Transform {
  bytes = 0;
  readonly #limit: number;
  readonly #tooMany: () => Error;

  constructor(limit: number, tooMany: () => Error) {
    super();
    this.#limit = limit;
    this.#tooMany = tooMany;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#limit) done(this.#tooMany());
    else done(null, chunk);
  }
}
