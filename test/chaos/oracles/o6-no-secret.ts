import type { Evidence } from './evidence.ts';

const WORKSPACE = 'default';

/** O6: no secret is in anything that was written, printed or sent, and no run lies in another workspace. */
export function noSecret({ texts, secrets, runs }: Evidence): string[] {
  return [
    ...secrets.flatMap((secret, index) =>
      texts
        .filter(({ text }) => text.includes(secret))
        .map(({ from }) => `secret ${index + 1} appears in ${from}`),
    ),
    ...runs
      .filter(({ workspace }) => workspace !== WORKSPACE)
      .map(({ id, workspace }) => `run ${id} lies in workspace ${workspace}`),
  ];
}
