import { recordedRepair } from './replay-commands.ts';
import { answerMissing } from './replay.errors.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { ActionRegistry } from '../execution/ports.ts';
import type { AiProvider, AiRequest, AiResult, AiRouter } from '../ports/ai-provider.ts';
import type { RunFact } from '../run/fact.ts';
import type { ActionCatalog } from '../template/catalog.ts';
import type { Plan } from '../template/plan.ts';
import type { Json, JsonObject, StageId } from '../vocabulary.ts';

/** One prompt that a stage sent, as a test looks at it. */
export interface SentPrompt {
  round: number;
  index: number;
  text: string;
}

/**
 * What AI and actions gave, from a test's `answers`: one value for every task, `{rounds: [...]}` by round, `{tasks: [...]}`
 * by item, `{error: {code, message}}` for a try that fails. The last of `rounds` stands for every later round.
 */
export class RecordedAnswers {
  readonly #answers: Record<StageId, Json>;
  readonly #rounds = new Map<StageId, number>();
  readonly #prompts = new Map<StageId, SentPrompt[]>();

  constructor(answers: Record<StageId, Json>) {
    this.#answers = answers;
  }

  /** Follows the run, so that an answer is that of the round it is in. */
  heard(facts: RunFact[]): void {
    for (const fact of facts) if (fact.type === 'task.started') this.#rounds.set(fact.stage, fact.round);
  }

  /** The prompt of the last round and last item: whatever order parallel tasks took. */
  lastPrompt(stage: StageId): string | null {
    const sent = [...(this.#prompts.get(stage) ?? [])].sort((a, b) => a.round - b.round || a.index - b.index);
    return sent.at(-1)?.text ?? null;
  }

  /** Throws the recorded error, or `TEST_ANSWER_MISSING`. */
  answer(stage: StageId, index: number): Json {
    if (!Object.hasOwn(this.#answers, stage)) throw answerMissing(stage, 'no answer is recorded');
    const round = this.#round(stage);
    let value = this.#answers[stage] ?? null;
    const rounds = listUnder(value, 'rounds');
    if (rounds !== null) value = pick(rounds, Math.min(round, rounds.length) - 1, stage, `round ${round}`);
    const tasks = listUnder(value, 'tasks');
    if (tasks !== null) value = pick(tasks, index, stage, `item ${index}`);
    const error = errorIn(value);
    if (error !== null) throw error;
    return value;
  }

  prompted(stage: StageId, request: AiRequest): void {
    const spoken = request.messages
      .filter((message) => message.role === 'user')
      .map((message) => message.text);
    const text = [request.system ?? '', ...spoken].join('\n\n');
    const sent = this.#prompts.get(stage) ?? [];
    sent.push({ round: this.#round(stage), index: indexOf(request.subject), text });
    this.#prompts.set(stage, sent);
  }

  #round(stage: StageId): number {
    return this.#rounds.get(stage) ?? 1;
  }
}

/** The plan with each stage's models replaced by one that is named after the stage: so a recorded answer finds its stage. */
export function withRecordedModels(plan: Plan): Plan {
  const stages = plan.stages.map((stage) =>
    stage.mode === 'ai' || stage.mode === 'cli_loop' ? { ...stage, models: [stage.id] } : stage,
  );
  return { ...plan, stages, onComplete: [] };
}

/** Every alias is a stage, answered from the recording. */
export function recordedRouter(answers: RecordedAnswers): AiRouter {
  const provider = (name: string): AiProvider => ({
    name,
    placeholder: false,
    // eslint-disable-next-line @typescript-eslint/require-await -- a recorded error must come as a rejection
    generate: async (request): Promise<AiResult> => {
      answers.prompted(name, request);
      const value = recordedRepair(name, answers.answer(name, indexOf(request.subject)), request.subject);
      const text = typeof value === 'string' && request.contract === null ? value : JSON.stringify(value);
      const usage = { inputTokens: 0, outputTokens: 0, usd: 0 };
      return { text, toolCalls: [], stopReason: 'end', model: request.model, usage };
    },
  });
  return { provider, resolve: (alias) => ({ provider: provider(alias), model: 'recorded' }) };
}

/** Every action answered from the recording; its contracts are those of the real one. */
export function recordedActions(catalog: ActionCatalog, answers: RecordedAnswers): ActionRegistry {
  return {
    action: (id) => catalog.action(id),
    actions: () => catalog.actions(),
    workflowTypes: () => catalog.workflowTypes(),
    // eslint-disable-next-line @typescript-eslint/require-await -- a recorded error must come as a rejection
    run: async (_id, _input, context) =>
      answers.answer(context.stage, Number(context.task.split('/')[1] ?? 0)),
    asset: (plugin, name) => Promise.reject(new Error(`A replayed action reads no file: ${plugin}/${name}`)),
    plugins: () => [],
  };
}

function listUnder(value: Json, key: 'rounds' | 'tasks'): Json[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const list = value[key];
  return Object.keys(value).length === 1 && Array.isArray(list) ? list : null;
}

function errorIn(value: Json): StagewrightError | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length !== 1)
    return null;
  const error = value['error'];
  if (typeof error !== 'object' || error === null || Array.isArray(error)) return null;
  const { code, message, retryable } = error;
  if (typeof code !== 'string') return null;
  return new StagewrightError(code, typeof message === 'string' ? message : code, {
    retryable: retryable === true,
  });
}

function pick(list: Json[], index: number, stage: StageId, what: string): Json {
  if (index < 0 || index >= list.length) throw answerMissing(stage, `no answer is recorded for ${what}`);
  return list[index] ?? null;
}

function indexOf(subject: JsonObject): number {
  return typeof subject['index'] === 'number' ? subject['index'] : 0;
}
