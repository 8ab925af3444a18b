import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ruledStatus, statusOfCode } from './status-of-code.ts';

const ROOT = join(import.meta.dirname, '../../../..');
/** `new SomeError('AREA_REASON', …)`: the one way in which errors with a code are made. */
const THROWN = /new [A-Z]\w*\(\s*'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g;

/** Every code that the sources below a folder throw, with a file that does. */
function thrownBelow(folder: string): Map<string, string> {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    // Scripted ports for tests: never part of a server.
    .filter((path) => !path.startsWith('testing/'));
  return new Map(
    files.flatMap((path) =>
      [...readFileSync(join(ROOT, folder, path), 'utf8').matchAll(THROWN)].map(
        (match) => [match[1] ?? '', `${folder}/${path}`] as const,
      ),
    ),
  );
}

const THROWN_CODES = new Map(
  [
    'apps/server/src',
    'libs/engine/src',
    'libs/plugins/ebook/src',
    'libs/plugins/http/src',
    'libs/plugins/website/src',
  ].flatMap((folder) => [...thrownBelow(folder)]),
);

/*
 * When this fails, a new error code has no status. Give it a rule in `status-of-code.ts`, also when 500 is what it
 * should be, and a line in the table below.
 */
describe('every code that is thrown', () => {
  it('is found in the sources', () => {
    expect(THROWN_CODES.size).toBeGreaterThan(70);
    for (const code of [
      'DISK_FULL',
      'ENGINE_CLOSED',
      'MANUSCRIPT_ENCODING',
      'STATE_CONFLICT',
      'PROVIDER_AUTH',
    ])
      expect([...THROWN_CODES.keys()]).toContain(code);
  });

  it('has a status on purpose', () => {
    const unruled = [...THROWN_CODES].filter(([code]) => ruledStatus(code) === undefined);
    expect(unruled).toEqual([]);
  });

  it('is no fault of the server, but for these', () => {
    const faults = [...THROWN_CODES.keys()].filter((code) => statusOfCode(code) === 500);
    expect(faults.sort()).toEqual([
      'ACTION_OUTCOME_UNKNOWN',
      'ACTION_OUTPUT_INVALID',
      'ACTION_UNKNOWN',
      'ARTIFACT_DAMAGED',
      'ASSET_UNKNOWN',
      'BOOK_CANCELLED',
      'BOOK_PDF_FAILED',
      'CLI_UNAVAILABLE',
      'CONFIG_INSECURE',
      'CONFIG_INVALID',
      'DATA_DIR_LOCKED',
      'DATA_DIR_UNUSABLE',
      'HOST_UNKNOWN',
      'ISOLATION_FAILED',
      'PLUGIN_INVALID',
      'PLUGIN_TWICE',
      'PORT_FORBIDDEN',
      'PORT_IN_USE',
      'REGISTRY_NOT_FOUND',
      'RUN_JOURNAL_BROKEN',
      'RUN_PLAN_MISMATCH',
      'SCHEMA_UNKNOWN',
      'TASK_ABORTED',
      'TASK_TIMEOUT',
      'WORKER_NEEDS_DATABASE',
    ]);
  });
});

describe('the status of an error code', () => {
  it.each([
    ['AUTH_INVALID', 401],
    ['APPROVAL_FORBIDDEN', 403],
    ['PERMISSION_MISSING', 403],
    ['CLI_NOT_ALLOWED', 403],
    ['REGISTRY_WRITES_OFF', 403],
    ['RUN_NOT_FOUND', 404],
    ['TEMPLATE_NOT_FOUND', 404],
    ['REVISION_NOT_FOUND', 404],
    ['PROMPT_NOT_FOUND', 404],
    ['ARTIFACT_NOT_FOUND', 404],
    ['RUN_UNKNOWN_STAGE', 404],
    ['STATE_CONFLICT', 409],
    ['APPROVAL_STALE', 409],
    ['APPROVAL_EXHAUSTED', 409],
    ['IDEMPOTENCY_KEY_REUSED', 409],
    ['REGISTRY_REWRITTEN', 409],
    ['REGISTRY_CONFLICT', 409],
    ['REGISTRY_CHECKED_OUT', 409],
    ['REGISTRY_READ_ONLY', 409],
    ['REGISTRY_MANIFEST_INVALID', 409],
    ['TEMPLATE_EXISTS', 409],
    ['PROMPT_EXISTS', 409],
    ['PROMPT_IN_USE', 409],
    ['ARTIFACT_TOO_LARGE', 413],
    ['MEDIA_TYPE_UNSUPPORTED', 415],
    ['INPUT_INVALID', 422],
    ['REQUEST_INVALID', 422],
    ['TEMPLATE_YAML_ALIAS', 422],
    ['TEMPLATE_INVALID', 422],
    ['PROMPT_INVALID', 422],
    ['PROMPT_VARIABLES_MISSING', 422],
    // The file's own fault, although its code ends like one of access, of size or of a missing route.
    ['TEMPLATE_KEY_FORBIDDEN', 422],
    ['PROMPT_PATH_FORBIDDEN', 422],
    ['SCHEMA_TOO_BIG', 422],
    ['ARCHIVE_TOO_LARGE', 422],
    ['PROMPT_VAR_UNKNOWN', 422],
    ['EXPRESSION_FAILED', 422],
    ['MANUSCRIPT_UNSUPPORTED', 422],
    ['REGISTRY_URL_FORBIDDEN', 422],
    ['REGISTRY_REF_INVALID', 422],
    ['REGISTRY_ENTRY_FORBIDDEN', 422],
    ['REGISTRY_TOO_BIG', 422],
    ['CLI_ARG_FORBIDDEN', 422],
    ['CLI_LIMIT', 422],
    ['REGISTRY_UNREACHABLE', 502],
    ['REGISTRY_WRITE_REFUSED', 502],
    ['EGRESS_BLOCKED', 502],
    ['UPSTREAM_LIMIT', 502],
    ['UPSTREAM_TIMEOUT', 502],
    ['HTTP_GONE', 502],
    ['HEADER_INVALID', 422],
    ['EGRESS_REQUEST_INVALID', 422],
    ['PROVIDER_RATE_LIMITED', 502],
    ['OUTPUT_INVALID', 502],
    ['DATABASE_UNAVAILABLE', 503],
    ['DATABASE_BUSY', 503],
    ['STORE_UNAVAILABLE', 503],
    ['ENGINE_CLOSED', 503],
    ['RUN_CONTENDED', 503],
    ['REGISTRY_CONTENDED', 503],
    ['ISOLATION_BUSY', 503],
    ['DISK_FULL', 507],
    ['QUEUE_FULL', 503],
    ['SOMETHING_ELSE', 500],
  ])('%s is %i', (code, status) => {
    expect(statusOfCode(code)).toBe(status);
  });
});
