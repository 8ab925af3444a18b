import { cutJson, cutText } from './bounds.ts';
import type { AttemptRecord, ToolCallRecord } from '../ports/run-store.ts';
import type { Digest, Failure, Instant, Json, StageId, TaskId, Usage } from '../vocabulary.ts';

/** Lines of an attempt's log that are kept, and characters of each. */
const LOG_LINES = 200;
const LOG_CHARACTERS = 2_000;

interface TryOf {
  stage: StageId;
  round: number;
  task: TaskId;
  attempt: number;
}

/** The record of a try that begins now. */
export function beginningOf({ stage, round, task, attempt }: TryOf, now: Instant): AttemptRecord {
  return {
    stage,
    round,
    task,
    attempt,
    state: 'processing',
    startedAt: now,
    endedAt: null,
    provider: null,
    model: null,
    sent: null,
    output: null,
    raw: null,
    toolCalls: [],
    usage: null,
    error: null,
    log: [],
  };
}

/** What a try writes down while it goes on: what was sent, what came back. Every field is bounded. */
export class AttemptLog {
  #record: AttemptRecord;
  #droppedLines = 0;
  /** Of what went in, once that is known. */
  inputDigest: Digest | null = null;

  constructor(of: TryOf, now: Instant) {
    this.#record = beginningOf(of, now);
  }

  sent(value: Json): void {
    this.#record.sent = cutJson(value);
  }

  answeredBy(provider: string, model: string): void {
    this.#record.provider = provider;
    this.#record.model = model;
  }

  raw(text: string): void {
    this.#record.raw = cutText(text);
  }

  used(given: Usage): void {
    const usage = countable(given);
    const before = this.#record.usage;
    this.#record.usage = before === null ? usage : addUsage(before, usage);
  }

  toolCall(call: ToolCallRecord): void {
    this.#record.toolCalls.push({
      ...call,
      input: cutJson(call.input, 16_384),
      output: cutJson(call.output, 16_384),
    });
  }

  line(at: Instant, level: string, message: string): void {
    if (this.#record.log.length >= LOG_LINES) {
      this.#droppedLines += 1;
      return;
    }
    this.#record.log.push({ at, level, message: message.slice(0, LOG_CHARACTERS) });
  }

  get usage(): Usage | null {
    return this.#record.usage;
  }

  /** The record as it stands. */
  now(): AttemptRecord {
    return { ...this.#record, toolCalls: [...this.#record.toolCalls], log: [...this.#record.log] };
  }

  /** What it gave is told by the fact of its end. */
  succeeded(at: Instant): AttemptRecord {
    return this.#ended({ state: 'done' }, at);
  }

  failed(error: Failure, at: Instant): AttemptRecord {
    return this.#ended({ state: 'failed', error }, at);
  }

  #ended(end: Partial<AttemptRecord>, at: Instant): AttemptRecord {
    const record = { ...this.now(), ...end, endedAt: at };
    if (this.#droppedLines > 0) {
      record.log.push({ at, level: 'warn', message: `[cut: ${this.#droppedLines} more lines]` });
    }
    return record;
  }
}

/** One figure that is no number would make every later sum, and with it every budget, no number either. */
function countable(given: Usage | null): Usage {
  const count = (value: unknown): number =>
    typeof value === 'number' && value > 0 && value < Infinity ? value : 0;
  const { inputTokens, outputTokens, usd } = given ?? { inputTokens: 0, outputTokens: 0, usd: null };
  const known = typeof usd === 'number' && Number.isFinite(usd) && usd >= 0;
  return { inputTokens: count(inputTokens), outputTokens: count(outputTokens), usd: known ? usd : null };
}

/** The sum of two usages; the price is unknown when one of them is. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  };
}
