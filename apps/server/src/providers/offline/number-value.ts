import type { JsonSchema } from '@stagewright/engine';

import { providerErrors } from '../providers.errors.ts';
import type { Random } from './random.ts';

const USUAL_SPAN = 9;

/** A number within the bounds and on the grid of the schema; `wanted` when that fits. */
export function numberValue(
  schema: JsonSchema,
  integer: boolean,
  wanted: number | null,
  random: Random,
): number {
  const step = numeric(schema['multipleOf']) ?? (integer ? 1 : 0.5);
  const grid = integer && !Number.isInteger(step) ? wholeMultiple(step) : step;
  const [low, high] = bounds(schema, grid);
  let from = Math.ceil(low / grid);
  let to = Math.floor(high / grid);
  // Division of decimals may round across the bound by one step.
  if (from * grid < low) from += 1;
  if (to * grid > high) to -= 1;
  if (to < from) {
    if (schema['multipleOf'] === undefined && !integer && low <= high) return (low + high) / 2;
    throw providerErrors.offlineContractUnsupported('no number lies between its bounds');
  }
  if (wanted !== null && wanted >= low && wanted <= high && Number.isInteger(wanted / grid)) return wanted;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const value = tidy((from + random.int(to - from + 1)) * grid);
    if (Number.isInteger(value / grid) && value >= low && value <= high) return value;
  }
  return tidy(from * grid);
}

function bounds(schema: JsonSchema, grid: number): [number, number] {
  const above = numeric(schema['exclusiveMinimum']);
  const below = numeric(schema['exclusiveMaximum']);
  const lows = [numeric(schema['minimum']), above === undefined ? undefined : next(above, grid)].filter(
    (value) => value !== undefined,
  );
  const highs = [numeric(schema['maximum']), below === undefined ? undefined : -next(-below, grid)].filter(
    (value) => value !== undefined,
  );
  const span = USUAL_SPAN * Math.max(1, grid);
  if (lows.length === 0 && highs.length === 0) return [1, 1 + span];
  const low =
    lows.length > 0
      ? Math.max(...lows)
      : Math.min(Math.min(...highs), Math.max(1, Math.min(...highs) - span));
  const high = highs.length > 0 ? Math.min(...highs) : low + span;
  // Wide bounds still give numbers of a size that people meet.
  return [low, lows.length > 0 ? Math.min(high, low + Math.max(span, 100 * grid)) : high];
}

/** The next value of the grid above an excluded bound. */
function next(bound: number, grid: number): number {
  const after = tidy((Math.floor(bound / grid) + 1) * grid);
  return after > bound ? after : tidy(after + grid);
}

/** The smallest whole number that is a multiple of a decimal: 0.5 -> 1, 1.5 -> 3. */
function wholeMultiple(step: number): number {
  for (let factor = 1; factor <= 1000; factor += 1) {
    const value = tidy(step * factor);
    if (Number.isInteger(value)) return value;
  }
  throw providerErrors.offlineContractUnsupported(`no small whole number is a multiple of ${step}`);
}

function tidy(value: number): number {
  return Number(value.toFixed(10));
}

function numeric(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
