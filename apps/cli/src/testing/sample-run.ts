import type { ArtifactRef, RunView, StageView } from '@stagewright/engine';

export function sampleStage(given: Partial<StageView> & { id: string }): StageView {
  return {
    name: given.id,
    mode: 'ai',
    sequence: 10,
    state: 'done',
    round: 1,
    tasks: [],
    output: null,
    error: null,
    approval: null,
    changes: [],
    startedAt: null,
    endedAt: null,
    ...given,
  };
}

export function sampleArtifact(name: string, artifact = `id-${name}`): ArtifactRef {
  return { artifact, name, type: 'file', mediaType: 'text/plain', size: 12, digest: 'd'.repeat(64) };
}

/** A run of two stages that waits for the approval of its outline. */
export function sampleRun(given: Partial<RunView> = {}): RunView {
  return {
    id: 'run-1',
    title: 'Bees',
    template: 'ebook',
    revision: { template: 'ebook', version: '1.0.0', commit: 'c'.repeat(40), digest: 'e'.repeat(64) },
    state: 'approval_pending',
    progress: 50,
    version: 7,
    inputs: {},
    outputs: null,
    error: null,
    spent: { inputTokens: 10, outputTokens: 20, usd: 0.5 },
    budgetUsd: null,
    placeholder: false,
    createdBy: { kind: 'user', id: 'ann' },
    createdAt: '2026-01-01T10:00:00.000Z',
    startedAt: '2026-01-01T10:00:00.000Z',
    endedAt: null,
    stages: [
      sampleStage({
        id: 'outline',
        name: 'Outline',
        state: 'approval_pending',
        output: { title: 'Bees', chapters: ['Hive', 'Honey'] },
      }),
      sampleStage({ id: 'build', name: 'Build', state: 'pending', mode: 'system' }),
    ],
    artifacts: [],
    waitingFor: [{ kind: 'approval', stage: 'outline', round: 1, deadline: null, approvers: [] }],
    ...given,
  };
}
