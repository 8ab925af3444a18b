import { StagewrightError } from '@stagewright/engine';
import type { Finding, JsonObject } from '@stagewright/engine';

/** Findings that one answer lists. */
const MOST_FINDINGS = 500;

export type ContentKind = 'template' | 'prompt';

export function writesOff(): StagewrightError {
  return new StagewrightError('REGISTRY_WRITES_OFF', 'This registry takes no changes over the API.', {
    hint: 'Commit with Git, or set "writes: direct" or "writes: branch" in its stagewright.yaml.',
  });
}

/** `reason` is the end of a sentence. */
export function registryReadOnly(reason: string): StagewrightError {
  return new StagewrightError('REGISTRY_READ_ONLY', `The registry cannot be written to: ${reason}.`, {
    hint: 'Set REGISTRY_URL to a repository that this server may push to, and REGISTRY_REF to a branch of it.',
  });
}

export function manifestInvalid(): StagewrightError {
  return new StagewrightError(
    'REGISTRY_MANIFEST_INVALID',
    'stagewright.yaml of the registry is broken, so it cannot be told whether it takes changes over the API.',
    { hint: 'GET /api/v1/registry lists what is wrong with it. Mend it with Git.' },
  );
}

export function checkedOut(branch: string): StagewrightError {
  return new StagewrightError(
    'REGISTRY_CHECKED_OUT',
    `The branch ${branch} is checked out in the repository of REGISTRY_URL: a push would leave its working copy behind.`,
    {
      hint: 'Make REGISTRY_URL a bare repository ("git clone --bare"), check out another branch there, or set "writes: branch" in stagewright.yaml.',
    },
  );
}

/** `reason` is Git's or the host's, one line without control characters. */
export function pushRefused(branch: string, reason: string): StagewrightError {
  return new StagewrightError(
    'REGISTRY_WRITE_REFUSED',
    `The registry's host refused the change of ${branch}: ${reason}`,
    {
      hint: 'Give the key of REGISTRY_SSH_KEY the right to push. If the branch is protected, set "writes: branch" in stagewright.yaml.',
    },
  );
}

export function registryContended(tries: number): StagewrightError {
  return new StagewrightError(
    'REGISTRY_CONTENDED',
    `Others changed the registry at the same time, ${tries} times in a row. Nothing was written.`,
    { hint: 'Send the request again.', retryable: true },
  );
}

export function tooManyWriters(): StagewrightError {
  return new StagewrightError('REGISTRY_CONTENDED', 'Too many changes of the registry are waiting already.', {
    hint: 'Send the request again in a while.',
    retryable: true,
  });
}

export function contentExists(kind: ContentKind, name: string): StagewrightError {
  const message = `There is a ${kind} "${name}" in the registry already.`;
  const hint = `Change it with PUT /api/v1/${kind}s/${name}.`;
  return kind === 'template'
    ? new StagewrightError('TEMPLATE_EXISTS', message, { hint })
    : new StagewrightError('PROMPT_EXISTS', message, { hint });
}

export function contentNotFound(kind: ContentKind, name: string): StagewrightError {
  const message = `There is no ${kind} "${name}" in the registry.`;
  const hint = `Add it with POST /api/v1/${kind}s.`;
  return kind === 'template'
    ? new StagewrightError('TEMPLATE_NOT_FOUND', message, { hint })
    : new StagewrightError('PROMPT_NOT_FOUND', message, { hint });
}

/** `current` is the digest of what is there now; null when it is gone. */
export function contentConflict(kind: ContentKind, name: string, current: string | null): StagewrightError {
  return new StagewrightError(
    'REGISTRY_CONFLICT',
    `The ${kind} "${name}" was changed by somebody else in the meantime.`,
    {
      hint: `Look at what it is now, then send your change again with its contentDigest as "expected".`,
      details: { current },
    },
  );
}

/** Whatever is wrong is in the details; nothing was written. */
export function contentInvalid(
  kind: ContentKind,
  name: string | null,
  findings: Finding[],
): StagewrightError {
  const { message, details } = told(`The ${kind}${name === null ? '' : ` "${name}"`}`, findings);
  const hint = 'Mend what is listed under "findings" and send it again.';
  return kind === 'template'
    ? new StagewrightError('TEMPLATE_INVALID', message, { hint, details })
    : new StagewrightError('PROMPT_INVALID', message, { hint, details });
}

export function promptInUse(name: string, findings: Finding[]): StagewrightError {
  const { details } = told('', findings);
  return new StagewrightError(
    'PROMPT_IN_USE',
    `The prompt "${name}" cannot go: ${findings.length === 1 ? 'one place needs' : `${findings.length} places need`} it.`,
    {
      hint: 'Change what is listed under "findings" first.',
      details,
    },
  );
}

function told(what: string, findings: Finding[]): { message: string; details: JsonObject } {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const place = first === undefined ? '' : ` ${first.file}:${first.line}:${first.column} ${first.message}`;
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  return {
    message: `${what} has ${count}:${place}`,
    details: { findings: findings.slice(0, MOST_FINDINGS) as unknown as JsonObject[] },
  };
}
