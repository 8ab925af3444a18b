import type { Instant, RunId } from '@stagewright/engine';
import { z } from 'zod';

/** A row of a list by what the list is ordered by. Rows that come and go before it do not move what comes after. */
export interface ListPlace {
  at: Instant;
  run: RunId;
  /** Among what one run has in the list. */
  ordinal: number;
}

const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\d{1,6}) ([\x21-\x7e]{1,128})$/;

/** As clients get it: a text that they give back and do not read. */
export function cursorOf({ at, run, ordinal }: ListPlace): string {
  return Buffer.from(`${at} ${ordinal} ${run}`).toString('base64url');
}

/** Undefined when the text was never a cursor. */
export function placeOf(cursor: string): ListPlace | undefined {
  const [, at, ordinal, run] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || run === undefined || Number.isNaN(Date.parse(at))) return undefined;
  return { at, run, ordinal: Number(ordinal) };
}

/** In the query of a list. */
export const after = z
  .string()
  .max(300)
  .refine((text) => placeOf(text) !== undefined, 'is no `next` of a list')
  .describe('The `next` of the page before: what came before it is not read again, however far in the list.')
  .optional();

/** What a list gives beside its items. */
export const listEnd = {
  next: z.string().nullable().describe('`after` of the next page; null when this is the last one.'),
  total: z.int().describe('Counted up to 1,000: that many stands for as many or more.'),
};

/** Counting a million rows takes as long as reading them, for a figure that nobody acts upon. */
export const COUNTED_AT_MOST = 1_000;

/** One row more than the page was read, which says whether there is another page. */
export function pageOf<Item>(
  rows: Item[],
  limit: number,
  place: (row: Item) => ListPlace,
): { items: Item[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : cursorOf(place(last)) };
}
