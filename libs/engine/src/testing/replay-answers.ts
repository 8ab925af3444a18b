import { errorIn, indexOfTask, recordedFor, unwrapped } from './recorded-value.ts';
import { recordedRepair } from './replay-commands.ts';
import { answerMissing } from './replay.errors.ts';
import type { AskedFor } from './recorded-value.ts';
import type { ActionRegistry } from '../execution/ports.ts';
import type { AiProvider, AiRequest, AiResult, AiRouter } from '../ports/ai-provider.ts';
import type { RunFact } from '../run/fact.ts';
import type { ActionCatalog } from '../template/catalog.ts';
import type { Plan } from '../template/plan.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { Json, JsonObject, StageId, Usage } from '../vocabulary.ts';

/** One prompt that a stage sent, as a test looks at it. */
export interface SentPrompt {
  round: number;
  index: number;
  text: string;
  /** What it was rendered with. */
  variables: JsonObject;
}

/** One call of an action, or of a command. */
export interface SentCall {
  round: number;
  index: number;
  with: JsonObject;
}

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, usd: 0 };

/** What AI and actions gave, and what it cost, from a test's `answers` and `usage`. */
export class RecordedAnswers {
  readonly #answers: Record<StageId, Json>;
  readonly #usage: Record<StageId, Json>;
  readonly #rounds = new Map<StageId, number>();
  readonly #tries = new Map<string, number>();
  readonly #paid = new Set<string>();
  readonly #prompts = new Map<StageId, SentPrompt[]>();
  readonly #calls = new Map<StageId, SentCall[]>();
  #isPriced = true;

  constructor({ answers, usage }: Pick<ReplayCase, 'answers' | 'usage'>) {
    this.#answers = answers;
    this.#usage = usage;
  }

  /** Follows the run, so that an answer is that of the round and the try it is in. */
  heard(facts: RunFact[]): void {
    for (const fact of facts) {
      if (fact.type !== 'task.started') continue;
      const { stage, round, task } = fact;
      this.#rounds.set(stage, round);
      const key = `${task} ${round}`;
      this.#tries.set(key, (this.#tries.get(key) ?? 0) + 1);
    }
  }

  /** What the models of a stage were asked, in the order of rounds and items: whatever order parallel tasks took. */
  prompts(stage: StageId): SentPrompt[] {
    return inOrder(this.#prompts.get(stage));
  }

  /** What the actions and commands of a stage were given, in the same order. */
  calls(stage: StageId): SentCall[] {
    return inOrder(this.#calls.get(stage));
  }

  /** Throws the recorded error, or `TEST_ANSWER_MISSING`. */
  answer(stage: StageId, index: number): Json {
    if (!Object.hasOwn(this.#answers, stage)) throw answerMissing(stage, 'no answer is recorded');
    const value = recordedFor(this.#answers[stage] ?? null, this.#asked(stage, index));
    const error = errorIn(value);
    if (error !== null) throw error;
    return unwrapped(value);
  }

  /** What a try cost, told with its first answer; nothing when no usage is recorded. Throws `TEST_ANSWER_MISSING`. */
  usage(stage: StageId, index: number): Usage {
    if (!Object.hasOwn(this.#usage, stage)) return NOTHING;
    const asked = this.#asked(stage, index);
    const key = JSON.stringify(asked);
    if (this.#paid.has(key)) return NOTHING;
    this.#paid.add(key);
    const recorded = recordedFor(this.#usage[stage] ?? null, asked);
    const { inputTokens, outputTokens, usd } = recorded as Partial<Record<keyof Usage, Json>>;
    if (typeof usd !== 'number') this.#isPriced = false;
    return { inputTokens: numberOf(inputTokens), outputTokens: numberOf(outputTokens), usd: priceOf(usd) };
  }

  /** Whether every usage that was told so far had a price. */
  get isPriced(): boolean {
    return this.#isPriced;
  }

  prompted(stage: StageId, request: AiRequest): void {
    const spoken = request.messages
      .filter((message) => message.role === 'user')
      .map((message) => message.text);
    const text = [request.system ?? '', ...spoken].join('\n\n');
    const sent = this.#prompts.get(stage) ?? [];
    const { round, index } = this.#asked(stage, indexOf(request.subject));
    sent.push({ round, index, text, variables: request.subject });
    this.#prompts.set(stage, sent);
  }

  called(stage: StageId, index: number, given: JsonObject): void {
    const { round } = this.#asked(stage, index);
    this.#calls.set(stage, [...(this.#calls.get(stage) ?? []), { round, index, with: given }]);
  }

  #asked(stage: StageId, index: number): AskedFor {
    const round = this.#rounds.get(stage) ?? 1;
    const tries = this.#tries.get(`${stage}/${index} ${round}`) ?? this.#tries.get(`${stage} ${round}`);
    return { stage, round, index, attempt: tries ?? 1 };
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
      const index = indexOf(request.subject);
      answers.prompted(name, request);
      const value = recordedRepair(name, answers.answer(name, index), request.subject);
      const text = typeof value === 'string' && request.contract === null ? value : JSON.stringify(value);
      const usage = answers.usage(name, index);
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
    run: async (_id, input, { stage, task }) => {
      answers.called(stage, indexOfTask(task), input);
      return answers.answer(stage, indexOfTask(task));
    },
    asset: (plugin, name) => Promise.reject(new Error(`A replayed action reads no file: ${plugin}/${name}`)),
    plugins: () => [],
  };
}

function inOrder<Sent extends { round: number; index: number }>(sent: Sent[] = []): Sent[] {
  return [...sent].sort((a, b) => a.round - b.round || a.index - b.index);
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function priceOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function indexOf(subject: JsonObject): number {
  return typeof subject['index'] === 'number' ? subject['index'] : 0;
}
