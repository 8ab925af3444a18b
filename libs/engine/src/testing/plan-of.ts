import { StagewrightError } from '../errors/stagewright-error.ts';
import { digestOf } from '../template/canonical.ts';
import type { PlanSource } from '../ports/plan-source.ts';
import type {
  AiStage,
  CliLoopStage,
  ManualStage,
  Plan,
  PlannedStage,
  PlannedPrompt,
  SystemStage,
} from '../template/plan.ts';
import type { Json } from '../vocabulary.ts';

type Common = Omit<SystemStage, 'id' | 'mode' | 'uses' | 'with' | 'sequence' | 'needs'>;

const COMMON: Common = {
  name: '',
  description: '',
  if: null,
  forEach: null,
  retry: { attempts: 3, delayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  approval: null,
  advance: 'auto',
  final: false,
  cache: true,
  permissions: [],
  output: null,
};

/** A stage without its place in the plan; `needs` defaults to the stage before it. */
export type StageDraft = Omit<PlannedStage, 'sequence' | 'needs'> & { needs?: string[] };

/** An `ai` stage with a one-line prompt. */
export function aiStage(id: string, given: Partial<AiStage> = {}): StageDraft {
  return {
    ...COMMON,
    id,
    name: id,
    mode: 'ai',
    prompt: promptOf(`Write ${id}.`),
    system: null,
    models: ['default'],
    temperature: null,
    maxTokens: null,
    tools: [],
    maxToolCalls: 10,
    ...given,
  };
}

export function systemStage(id: string, uses: string, given: Partial<SystemStage> = {}): StageDraft {
  return { ...COMMON, id, name: id, mode: 'system', uses, with: {}, ...given };
}

/** A `cli_loop` stage without arguments, working files and a repair. */
export function loopStage(id: string, command: string, given: Partial<CliLoopStage> = {}): StageDraft {
  return {
    ...COMMON,
    id,
    name: id,
    mode: 'cli_loop',
    command,
    args: [],
    files: { kind: 'literal', value: [] },
    until: null,
    maxIterations: 5,
    repair: null,
    models: ['default'],
    temperature: null,
    maxTokens: null,
    ...given,
  };
}

export function manualStage(id: string, given: Partial<ManualStage> = {}): StageDraft {
  const form = given.form ?? {};
  return {
    ...COMMON,
    id,
    name: id,
    mode: 'manual',
    assignees: [],
    guidelines: '',
    ...given,
    form,
    output: form,
  } as StageDraft;
}

export function promptOf(source: string): PlannedPrompt {
  return { path: 'prompts/test.hbs', source, partials: {} };
}

/** A plan of these stages, in this order. */
export function planOf(stages: StageDraft[], given: Partial<Plan> = {}): Plan {
  const planned = stages.map((stage, index) => {
    const before = stages[index - 1];
    return {
      needs: before === undefined ? [] : [before.id],
      ...stage,
      sequence: (index + 1) * 10,
    } as PlannedStage;
  });
  const plan: Plan = {
    name: 'test',
    title: 'Test',
    description: '',
    type: 'test',
    version: '1.0.0',
    owners: [],
    labels: {},
    inputs: { type: 'object' },
    budget: null,
    permissions: [],
    stages: planned,
    outputs: {},
    onComplete: [],
    digest: '',
    files: {},
    ...given,
  };
  return { ...plan, digest: digestOf(plan as unknown as Json) };
}

/** Serves the first plan of each name now, and every plan by its digest. */
export function plansOf(...plans: Plan[]): PlanSource {
  const missing = (code: string, what: string): StagewrightError =>
    new StagewrightError(code, `There is no ${what}.`);
  const found = (plan: Plan | undefined, code: string, what: string): Promise<Plan> =>
    plan === undefined ? Promise.reject(missing(code, what)) : Promise.resolve(plan);
  return {
    byDigest: (digest) =>
      found(
        plans.find((plan) => plan.digest === digest),
        'REVISION_NOT_FOUND',
        `revision ${digest}`,
      ),
    resolve: async (template, revision) => {
      const wanted = plans.find(
        (plan) => plan.name === template && (revision === undefined || plan.digest === revision),
      );
      const plan = await found(wanted, 'TEMPLATE_NOT_FOUND', `template ${template}`);
      const { name, version, digest } = plan;
      return { plan, revision: { template: name, version, commit: 'worktree', digest } };
    },
  };
}
