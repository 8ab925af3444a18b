import { StagewrightError } from '@stagewright/engine';
import type { JsonObject, MissingVariable } from '@stagewright/engine';

/** Missing variables that one answer lists. */
const MOST_MISSING = 200;

/** What a prompt reads and nobody gave: all of it at once. */
export function variablesMissing(name: string, missing: MissingVariable[]): StagewrightError {
  const names = [...new Set(missing.map(({ variable }) => variable))];
  const list = names.slice(0, 10).join(', ') + (names.length > 10 ? ', ...' : '');
  return new StagewrightError(
    'PROMPT_VARIABLES_MISSING',
    `The prompt "${name}" needs ${names.length === 1 ? 'a variable that has' : `${names.length} variables that have`} no value: ${list}.`,
    {
      hint: 'Give each of those under "missing" a value in "variables".',
      details: { missing: missing.slice(0, MOST_MISSING) as unknown as JsonObject[] },
    },
  );
}

export function commitNotFound(commit: string): StagewrightError {
  return new StagewrightError(
    'REVISION_NOT_FOUND',
    `Commit ${commit} is not in the history of the registry that is looked at.`,
    { hint: 'GET /api/v1/prompts/:name/history lists the commits that changed a prompt.' },
  );
}
