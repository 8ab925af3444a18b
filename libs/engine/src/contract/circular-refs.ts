import { schemaInvalid } from './contract.errors.ts';
import type { SchemaProblem } from './contract.errors.ts';
import { below } from './json-pointer.ts';
import type { Subschema } from './schema-keywords.ts';

/** A schema that applies to the very value of the schema it stands in, and where it is said. */
interface Step {
  to: string;
  said: string;
}

const ONE = ['not', 'if', 'then', 'else'];
const SEVERAL = ['allOf', 'anyOf', 'oneOf'];

/**
 * References that come back to where they began without going into the value: such a schema is about itself, and whoever
 * validates with it never ends. A tree that refers to itself below `properties` or `items` is fine.
 */
export function checkCircles(all: Subschema[]): SchemaProblem[] {
  const steps = new Map(all.map((part) => [part.pointer, stepsFrom(part)]));
  const settled = new Set<string>();
  const problems: SchemaProblem[] = [];
  const follow = (pointer: string, way: ReadonlySet<string>): void => {
    for (const { to, said } of steps.get(pointer) ?? []) {
      if (way.has(to)) problems.push(schemaInvalid('the reference comes back to itself', said));
      else if (!settled.has(to)) follow(to, new Set([...way, to]));
    }
    settled.add(pointer);
  };
  for (const { pointer } of all) if (!settled.has(pointer)) follow(pointer, new Set([pointer]));
  return problems;
}

function stepsFrom({ schema, pointer }: Subschema): Step[] {
  const inside = (keyword: string, key?: string): Step => {
    const at = below(pointer, keyword);
    const to = key === undefined ? at : below(at, key);
    return { to, said: to };
  };
  const { $ref: ref } = schema;
  const keysOf = (keyword: string): string[] => Object.keys((schema[keyword] as object | undefined) ?? {});
  return [
    ...(typeof ref === 'string' ? [{ to: pointerOf(ref), said: below(pointer, '$ref') }] : []),
    ...ONE.filter((keyword) => keyword in schema).map((keyword) => inside(keyword)),
    ...[...SEVERAL, 'dependentSchemas'].flatMap((keyword) =>
      keysOf(keyword).map((key) => inside(keyword, key)),
    ),
  ];
}

/** `#/$defs/a%20b` as a pointer; a reference that cannot be read leads nowhere. */
function pointerOf(ref: string): string {
  try {
    return decodeURIComponent(ref.slice(1));
  } catch {
    return ref;
  }
}
