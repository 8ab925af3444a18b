import type { Json } from '../vocabulary.ts';
import type { RunFact } from './fact.ts';
import { stageIdOf } from './run-parts.ts';

/** A fact as stores keep it: `task.started draft w1`, or the fact without what can be told from the rest. */
export type ShortFact = string | { type: string; [field: string]: unknown };

/** The stage or task that the fact is about: alone with the type it makes the text form. */
const SUBJECT = Symbol('subject');
/** Follows the subject in the text form: who works on it. Facts of old do not say. */
const TAIL = Symbol('tail');
/** Always written. */
const STATED = Symbol('stated');
/** Written by facts that have it. */
const IF_THERE = Symbol('if there');
/** The stage that the task belongs to. */
const OF_TASK = Symbol('of the task');
/** The same value as that field of the fact right before. */
const AS_BEFORE = Symbol('as before');
const NOTHING: Json[] = [];

type Rule =
  typeof SUBJECT | typeof TAIL | typeof STATED | typeof IF_THERE | typeof OF_TASK | typeof AS_BEFORE | Json;
type Form<Fact> = { [Field in Exclude<keyof Fact, 'type'>]-?: Rule };

const STAGE = { stage: SUBJECT, round: 1 } as const;
const TASK = { stage: OF_TASK, round: 1, task: SUBJECT, attempt: 1 } as const;

/**
 * The fields of every fact in their order, each with what it holds when the short form does not mention it. Entries
 * live for years: a new field may only be added with what the facts before it meant, and a rule is never changed.
 */
const FORMS: { [Type in RunFact['type']]: Form<Extract<RunFact, { type: Type }>> } = {
  'run.created': { title: STATED, inputs: STATED, lock: STATED, actor: STATED, outline: STATED },
  'run.started': { actor: AS_BEFORE },
  'run.paused': { actor: STATED, reason: STATED },
  'run.resumed': { actor: STATED, budgetUsd: IF_THERE },
  'run.upgraded': { lock: STATED, actor: STATED, outline: STATED },
  'run.completed': { outputs: STATED },
  'run.failed': { error: STATED, stage: STATED },
  'run.cancelled': { actor: STATED, reason: STATED },
  'stage.ready': STAGE,
  'stage.advanced': { ...STAGE, actor: STATED },
  'stage.started': { ...STAGE, items: null },
  'stage.completed': { ...STAGE, output: AS_BEFORE },
  'stage.skipped': { stage: SUBJECT },
  'stage.failed': { ...STAGE, error: AS_BEFORE },
  'stage.cancelled': { stage: SUBJECT },
  'stage.reset': { ...STAGE, reason: STATED, actor: STATED },
  'task.queued': TASK,
  'task.started': { ...TASK, worker: TAIL },
  'task.completed': {
    ...TASK,
    output: STATED,
    artifacts: NOTHING,
    usage: null,
    inputDigest: null,
    reused: false,
  },
  'task.failed': { ...TASK, error: STATED, usage: null, retryAt: null },
  'task.cancelled': TASK,
  'task.interrupted': { ...TASK, worker: TAIL },
  'task.released': TASK,
  'tool.called': { ...TASK, tool: STATED, turn: IF_THERE },
  'tool.answered': { ...TASK, answer: STATED },
  'review.requested': { ...TASK, error: STATED, usage: null, inputDigest: null },
  'review.resolved': { ...TASK, actor: STATED, outcome: STATED, comment: null },
  'approval.requested': { ...STAGE, deadline: null },
  'approval.given': { ...STAGE, actor: STATED, comment: null },
  'approval.escalated': STAGE,
  'approval.completed': { ...STAGE, by: STATED, signed: IF_THERE },
  'approval.kept': { ...STAGE, from: STATED },
  'changes.requested': { ...STAGE, actor: STATED, comments: STATED, tasks: STATED },
  'input.requested': { stage: OF_TASK, round: 1, task: SUBJECT },
  'input.submitted': { stage: OF_TASK, round: 1, task: SUBJECT, actor: STATED },
  'input.kept': { ...TASK, from: STATED },
  'budget.exceeded': { usd: STATED, spent: STATED },
  'end-action.started': { index: STATED, uses: STATED, attempt: 1 },
  'end-action.taken': { index: STATED, attempt: 1, worker: STATED },
  'end-action.doubted': { index: STATED, attempt: 1, error: STATED },
  'end-action.resolved': { index: STATED, attempt: 1, actor: STATED, outcome: STATED, comment: null },
  'end-action.skipped': { index: STATED },
  'end-action.completed': { index: STATED, output: STATED },
  'end-action.failed': { index: STATED, error: STATED, retryAt: null },
};

type Values = Record<string, unknown>;
const RULES = new Map(Object.entries(FORMS).map(([type, form]) => [type, Object.entries<Rule>(form)]));

/** The facts of one entry as stores keep them: a third of the text, nothing lost. */
export function shortFacts(facts: RunFact[]): ShortFact[] {
  return facts.map((fact, position) => shorten(fact, facts[position - 1]));
}

/** The facts of one entry from what a store kept. Facts that were written in full are taken as they are. */
export function wholeFacts(kept: ShortFact[]): RunFact[] {
  const facts: RunFact[] = [];
  for (const fact of kept) facts.push(complete(fact, facts.at(-1)));
  return facts;
}

function shorten(fact: RunFact, before: RunFact | undefined): ShortFact {
  const values = fact as unknown as Values;
  const short: Exclude<ShortFact, string> = { type: fact.type };
  let text: string | null = null;
  let more = false;
  for (const [field, rule] of RULES.get(fact.type)!) {
    const value = values[field];
    if (value === undefined || isImplied(value, rule, { field, values, before })) continue;
    short[field] = value;
    if (rule === SUBJECT) text = `${fact.type} ${value as string}`;
    else if (rule === TAIL) text += ` ${value as string}`;
    else more = true;
  }
  return text === null || more ? short : text;
}

interface Around {
  field: string;
  /** All fields of the fact. */
  values: Values;
  before: RunFact | undefined;
}

function isImplied(value: unknown, rule: Rule, { field, values, before }: Around): boolean {
  switch (rule) {
    case SUBJECT:
    case TAIL:
    case STATED:
    case IF_THERE:
      return false;
    case OF_TASK:
      return value === stageIdOf(values['task'] as string);
    case AS_BEFORE:
      // The very same value, not an equal one: nothing is compared in depth while a run goes on.
      return before !== undefined && field in before && (before as unknown as Values)[field] === value;
    case NOTHING:
      return Array.isArray(value) && value.length === 0;
    default:
      return value === rule;
  }
}

function complete(kept: ShortFact, before: RunFact | undefined): RunFact {
  const values: Values = typeof kept === 'string' ? fromText(kept) : kept;
  const type = values['type'] as string;
  const whole: Values = { type };
  for (const [field, rule] of RULES.get(type) ?? []) {
    const value = field in values ? values[field] : implied(rule, { field, values, before });
    if (value !== undefined) whole[field] = value;
  }
  // What this release does not know is not thrown away.
  for (const field of Object.keys(values)) if (!(field in whole)) whole[field] = values[field];
  return whole as unknown as RunFact;
}

function fromText(text: string): Values {
  const [type, ...words] = text.split(' ') as [string, ...string[]];
  const values: Values = { type };
  for (const [field, rule] of RULES.get(type) ?? [])
    if (words.length > 0 && (rule === SUBJECT || rule === TAIL)) values[field] = words.shift();
  return values;
}

function implied(rule: Rule, { field, values, before }: Around): unknown {
  if (rule === OF_TASK) return stageIdOf(values['task'] as string);
  if (rule === AS_BEFORE) return (before as unknown as Values | undefined)?.[field];
  if (rule === NOTHING) return [];
  return typeof rule === 'symbol' ? undefined : rule;
}
