import { lastEventIdInvalid } from './events.errors.ts';

/** Where a reader stands: the entry's version and the index of the fact in it. `0.-1` is before everything. */
export interface EventPosition {
  version: number;
  index: number;
}

const BEFORE_ALL: EventPosition = { version: 0, index: -1 };

/** Reads a `Last-Event-ID`: `<version>.<index>`. Throws `HEADER_INVALID`. */
export function parseEventId(given: string | undefined): EventPosition {
  if (given === undefined || given === '') return BEFORE_ALL;
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(given);
  if (match === null) throw lastEventIdInvalid(given);
  return { version: Number(match[1]), index: Number(match[2]) };
}

export function isAfter(position: EventPosition, other: EventPosition): boolean {
  return position.version === other.version ? position.index > other.index : position.version > other.version;
}
