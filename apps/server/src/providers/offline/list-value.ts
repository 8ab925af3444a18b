import type { Json, JsonSchema } from '@stagewright/engine';

import { providerErrors } from '../providers.errors.ts';
import type { FillValue, Filling, Place } from './fill-contract.ts';
import { asObject, titleOf } from './theme.ts';

const USUAL_ENTRIES = 3;
const TRIES_FOR_ANOTHER = 60;
const MAX_ENTRIES = 2_000;

/** A list with as many entries as the inputs ask for, within the bounds of the schema. */
export function listValue(schema: JsonSchema, filling: Filling, place: Place, fill: FillValue): Json[] {
  const { theme } = filling;
  const known = theme.listed(place.name);
  const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
  const closed = schema['items'] === false;
  const count = entryCount(
    schema,
    { wanted: theme.count(place.name) ?? known?.length ?? null, prefix: prefix.length, closed },
    filling,
    place,
  );
  if (count > MAX_ENTRIES)
    throw providerErrors.offlineContractUnsupported(`a list of it must have ${count} entries`);
  const unique = schema['uniqueItems'] === true ? new Set<string>() : null;
  const entries: Json[] = [];
  for (let index = 0; index < count; index += 1) {
    const about = asObject(known?.[index]);
    const title = about && titleOf(about);
    const inner = { ...theme, turn: theme.turn * 7 + index + 1, focus: title ?? theme.focus };
    const part = { ...filling, theme: inner };
    const own = { ...place, index, depth: place.depth + 1, known: about };
    entries.push(entry(entrySchema(schema, prefix, index), part, own, { fill, unique }));
    filling.written = part.written;
  }
  return entries;
}

function entryCount(
  schema: JsonSchema,
  facts: { wanted: number | null; prefix: number; closed: boolean },
  filling: Filling,
  place: Place,
): number {
  const contains = schema['contains'] === undefined ? 0 : (whole(schema['minContains']) ?? 1);
  const min = Math.max(whole(schema['minItems']) ?? 0, contains);
  const most = Math.min(
    whole(schema['maxItems']) ?? Number.POSITIVE_INFINITY,
    facts.closed ? facts.prefix : Number.POSITIVE_INFINITY,
  );
  if (min > most)
    throw providerErrors.offlineContractUnsupported('a list of it must be longer than it may be');
  const deep = place.depth > 5;
  const usual = deep ? min : Math.max(min, filling.theme.shorter ? 1 : USUAL_ENTRIES, facts.prefix);
  const varied = filling.attempt === 0 ? usual : min + place.random.fork('count').int(4);
  return Math.max(min, Math.min(most, facts.wanted ?? varied));
}

/** The first entries also satisfy `contains`. */
function entrySchema(schema: JsonSchema, prefix: Json[], index: number): Json {
  const own = prefix[index] ?? schema['items'] ?? true;
  const needed = whole(schema['minContains']) ?? 1;
  return schema['contains'] !== undefined && index < needed ? { allOf: [own, schema['contains']] } : own;
}

function entry(
  schema: Json,
  filling: Filling,
  place: Place,
  list: { fill: FillValue; unique: Set<string> | null },
): Json {
  for (let attempt = 0; attempt < TRIES_FOR_ANOTHER; attempt += 1) {
    const own = {
      ...place,
      index: (place.index ?? 0) + attempt,
      random: place.random.fork(`${place.index}-${attempt}`),
    };
    const value = list.fill(schema, filling, attempt === 0 ? own : { ...own, known: null });
    if (list.unique === null) return value;
    const text = canonical(value);
    if (!list.unique.has(text)) {
      list.unique.add(text);
      return value;
    }
  }
  throw providerErrors.offlineContractUnsupported('a list of it needs more distinct entries than it allows');
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) => {
    const object = asObject(inner);
    return object ? Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))) : inner;
  });
}

function whole(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? Math.ceil(value) : undefined;
}
