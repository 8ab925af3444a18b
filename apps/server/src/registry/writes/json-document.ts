import type { JsonObject } from '@stagewright/engine';
import { z } from 'zod';

/** Lists and mappings inside one another: what reads them goes down into them. */
const DEEPEST = 64;

/** An object as the parser of the HTTP server made it, no deeper than everything that reads it can go. */
export const jsonDocument = (
  z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject, JsonObject>
).refine(isShallow, `is nested more than ${DEEPEST} deep`);

function isShallow(document: JsonObject): boolean {
  let level: object[] = [document];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= DEEPEST) return false;
    level = level.flatMap((value) => Object.values(value).filter(isContainer));
  }
  return true;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
