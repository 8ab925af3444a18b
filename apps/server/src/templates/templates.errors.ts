import { StagewrightError } from '@stagewright/engine';

export function templateNotFound(name: string): StagewrightError {
  return new StagewrightError('TEMPLATE_NOT_FOUND', `No template "${name}" is served.`, {
    hint: 'GET /api/v1/templates lists what is; GET /api/v1/registry says what is broken and where.',
  });
}

/** The registry took the revision back: its history was rewritten. Runs that have it keep it. */
export function revisionLost(template: string, commit: string): StagewrightError {
  return new StagewrightError(
    'REGISTRY_REWRITTEN',
    `Commit ${commit} of template "${template}" is no longer in the registry's history: no new run may use it.`,
    {
      hint: 'Choose a revision that GET /api/v1/templates/:name/revisions does not call lost, or push the commit again.',
      details: { template, commit },
    },
  );
}

export function revisionNotFound(revision: string): StagewrightError {
  return new StagewrightError('REVISION_NOT_FOUND', `There is no revision "${revision}".`, {
    hint: 'Give a commit or a digest that GET /api/v1/templates/:name/revisions lists.',
  });
}

export function templateSourceTooBig(name: string, bytes: number, most: number): StagewrightError {
  return new StagewrightError(
    'REGISTRY_TOO_BIG',
    `The files of template "${name}" have ${bytes} bytes; an answer holds ${most}.`,
    { hint: 'Clone the registry to work on it.' },
  );
}
