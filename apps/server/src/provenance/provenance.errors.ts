import { StagewrightError } from '@stagewright/engine';

export function provenanceNotFound(artifact: string): StagewrightError {
  return new StagewrightError(
    'PROVENANCE_NOT_FOUND',
    `Artifact ${JSON.stringify(artifact.slice(0, 80))} was uploaded: no run made it.`,
    { hint: 'Ask for the provenance of a file that a run made.' },
  );
}
