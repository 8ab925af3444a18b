import { randomBytes } from 'node:crypto';

import type { Clock, Ids } from '@stagewright/engine';

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits. Ids of later moments sort later, so new rows go to the
 * end of their index; and nobody guesses one.
 */
export class UuidV7Ids implements Ids {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(Date.parse(this.#clock.now()), 0, 6);
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}
