import { StagewrightError } from '@stagewright/engine';

export function templateNotFound(name: string): StagewrightError {
  return new StagewrightError('TEMPLATE_NOT_FOUND', `No template "${name}" is served.`, {
    hint: 'GET /api/v1/templates lists what is; GET /api/v1/registry says what is broken and where.',
  });
}

export function revisionNotFound(revision: string): StagewrightError {
  return new StagewrightError('REVISION_NOT_FOUND', `There is no revision "${revision}".`, {
    hint: 'Give a commit or a digest that GET /api/v1/templates/:name/revisions lists.',
  });
}
