import { createHash, timingSafeEqual } from 'node:crypto';

import { keptSecret } from '../config/index.ts';

/** The bearer token of this installation, made on first start and kept in `<DATA_DIR>/token` (0600). */
export class ServerToken {
  readonly value: string;
  readonly #digest: Buffer;

  constructor(dataDir: string) {
    this.value = keptSecret(dataDir, 'token');
    this.#digest = digest(this.value);
  }

  /** Compares digests in constant time: neither the length nor a common beginning can be measured from outside. */
  matches(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), this.#digest);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
