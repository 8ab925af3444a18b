/**
 * The values of a statement that is put together from the conditions it has. "This column, or no condition" in one text
 * for all of them would leave PostgreSQL with one plan for all of them, which is by the index of none.
 */
export class Parameters {
  readonly values: unknown[] = [];

  /** Where the value stands in the text: `$1`, `$2`, ... */
  place(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** The name of such a statement: each combination of conditions has its own. */
export function statementName(verb: string, conditions: Record<string, unknown>): string {
  const given = Object.keys(conditions).filter((name) => conditions[name] !== undefined);
  return [verb, ...given].join('-');
}
