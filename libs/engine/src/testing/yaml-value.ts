import { stringify } from 'yaml';
import type { Json } from '../vocabulary.ts';

/** The value on one line, as it may stand anywhere in a YAML file, between brackets too. */
export function rendered(value: Json): string {
  const list = stringify([value], {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
    defaultStringType: 'PLAIN',
  });
  return list.trimEnd().slice(1, -1);
}

export function isBlockScalar(text: string): boolean {
  return /^[|>]/.test(text);
}
