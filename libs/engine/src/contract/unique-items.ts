import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../vocabulary.ts';
import { tooManyToCompare } from './contract.errors.ts';

/** Lists and objects that `uniqueItems` holds against each other in one list. */
export const MAX_COMPARED_ITEMS = 2000;

interface UniqueItems {
  (wanted: boolean, list: Json[]): boolean;
  errors?: Array<Partial<ErrorObject>>;
}

/**
 * Replaces ajv's `uniqueItems`, which compares all pairs: 6,000 objects keep it busy for seconds. This one works on a
 * text per item, linear in the size of the list, and stops at a count, so that the same value always ends the same way.
 */
export function installUniqueItems(ajv: Ajv2020): void {
  const check: UniqueItems = (wanted, list) => {
    if (!wanted) return true;
    const seen = new Map<string, number>();
    const compound = list.filter((item) => item !== null && typeof item === 'object').length;
    if (compound > MAX_COMPARED_ITEMS) throw tooManyToCompare(compound, MAX_COMPARED_ITEMS);
    for (const [i, item] of list.entries()) {
      const text = textOf(item);
      const j = seen.get(text);
      if (j !== undefined) {
        check.errors = [{ keyword: 'uniqueItems', params: { i, j }, message: 'must not repeat an item' }];
        return false;
      }
      seen.set(text, i);
    }
    return true;
  };
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: true,
    validate: check,
  });
}

/** The same text for equal values, whatever the order of their keys. Values are at most 64 deep. */
function textOf(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${textOf(value[key] ?? null)}`).join()}}`;
}
