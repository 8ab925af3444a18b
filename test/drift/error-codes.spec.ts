/**
 * docs/reference/errors.md has every code of the product, and no other. When a code is missing: add it there, with what it means and what
 * to do. A word in capitals that is no code goes to NOT_CODES.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sourceFiles } from '../architecture/source-files.ts';
import { ROOT } from '../support/root.ts';

/** Words in capitals that the sources hold for other reasons. */
const NOT_CODES: readonly RegExp[] = [
  // Settings of the environment, and options of Git.
  /^(STAGEWRIGHT|OPENAI|ANTHROPIC|AZURE_OPENAI|LOCAL_AI|GIT)_/,
  /^(DATA_DIR|DATABASE_URL|REDIS_URL|SECRET_KEY|LOG_LEVEL|CLI_LOOP_COMMANDS|EGRESS_ALLOW|NO_COLOR|FORCE_COLOR|REGISTRY_(URL|REF|SSH_KEY|SYNC_MS))$/,
  // Names of what is handed in by the container of the server.
  /^(ACTION_REGISTRY|AI_ROUTER|ARTIFACT_STORE|COMMAND_RUNNER|ENGINE_OPTIONS|OPEN_DATABASE|PLAN_SOURCE|RUN_STORE|STAGE_QUEUE)$/,
  // Errors of Node and undici, tokens of Handlebars, a code of the yaml library.
  /^(EAI|ERR|HPE|UND_ERR)_/,
  /^(OPEN|CLOSE|END)_(\w+_)?(SEXPR|BLOCK|ENDBLOCK|INVERSE|INVERSE_CHAIN)$|^TAG_RESOLVE_FAILED$/,
  // What a service of an example answers.
  /^HTTP_GONE$/,
];

const LITERAL = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g;

const documented = new Set(
  [...readFileSync(join(ROOT, 'docs/reference/errors.md'), 'utf8').matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(
    ([, cell]) => [...(cell ?? '').matchAll(/`([A-Z0-9_]+)`/g)].map(([, code]) => code ?? ''),
  ),
);

const used = new Map<string, string>();
for (const { path, text } of [...sourceFiles('libs'), ...sourceFiles('apps')]) {
  if (path.startsWith('apps/cli/src/testing/')) continue;
  for (const [, code = ''] of text.matchAll(LITERAL)) {
    if (!NOT_CODES.some((pattern) => pattern.test(code))) used.set(code, path);
  }
}

describe('the reference of errors', () => {
  it('has every code that the sources can give', () => {
    expect(
      [...used].filter(([code]) => !documented.has(code)).map(([code, path]) => `${code} in ${path}`),
    ).toEqual([]);
  });

  it('has no code that nothing gives', () => {
    expect([...documented].filter((code) => !used.has(code))).toEqual([]);
  });

  it('looks at real sources', () => {
    expect(used.size).toBeGreaterThan(100);
  });
});
