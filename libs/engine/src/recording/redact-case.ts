import { passesLuhn } from './check-digits.ts';
import { placeholderAsLongAs, placeholderFor } from './placeholders.ts';
import { privateTexts, SECRET_NAME } from './private-texts.ts';
import type { RedactionKind } from './placeholders.ts';
import type { JournalEntry } from '../run/fact.ts';
import type { RecordedComment, RecordedDecision } from '../template/schema/test-schema.ts';
import type { ExpectedPrompt, ReplayCase, ReplayExpectations } from '../template/test-file.ts';
import type { Actor, Json, JsonObject } from '../vocabulary.ts';

export type { RedactionKind } from './placeholders.ts';

export interface RedactOptions {
  /** Values that are secret whatever they look like, such as the keys of the settings. */
  secrets: string[];
  /** Who had to do with the run: ids and names. */
  people: string[];
  /** Placeholders as long as what they stand for. Default: readable ones. */
  keepLength?: boolean;
}

export interface Redacted {
  case: ReplayCase;
  /** How many different values were replaced, by kind. */
  replaced: Partial<Record<RedactionKind, number>>;
}

/** Shorter ones would be found in ordinary words. */
const SHORTEST_SECRET = 6;
const SHORTEST_NAME = 3;

/**
 * The case without what is nobody else's business: known secrets, keys and tokens, e-mail addresses, phone, account and
 * card numbers, and the people who decided. Each value is replaced by the same placeholder wherever it stands. What the
 * format itself says, such as ids of stages, stays.
 */
export function redactCase(recorded: ReplayCase, options: RedactOptions): Redacted {
  const { secrets } = options;
  const { title, inputs, answers, decisions, expect } = recorded;
  const texts: Json = [inputs, Object.values(answers), decisions.map(({ input }) => (input ?? null) as Json)];
  const addresses = addressesIn([texts, title, decisions.map(({ comments }) => (comments ?? []) as Json)]);
  const redaction = new Redaction({
    ...options,
    secrets: [...secrets, ...secretFields(texts, null)],
    addresses,
  });
  const clean: ReplayCase = {
    ...recorded,
    title: redaction.text(title),
    inputs: redaction.value(inputs) as JsonObject,
    answers: mapped(answers, (answer) => redaction.value(answer)),
    decisions: decisions.map((decision) => redactDecision(decision, redaction)),
    expect: redactExpectations(expect, redaction),
  };
  return { case: clean, replaced: redaction.counts() };
}

function redactDecision(decision: RecordedDecision, redaction: Redaction): RecordedDecision {
  const { comments, input } = decision;
  const comment = (one: RecordedComment): RecordedComment =>
    typeof one === 'string' ? redaction.text(one) : { ...one, body: redaction.text(one.body) };
  return {
    ...decision,
    ...(comments !== undefined && { comments: comments.map(comment) }),
    ...(input !== undefined && { input: redaction.value(input as Json) }),
  };
}

function redactExpectations(expect: ReplayExpectations, redaction: Redaction): ReplayExpectations {
  const { outputs, artifacts, prompts } = expect;
  const prompt = (one: ExpectedPrompt): ExpectedPrompt => ({
    ...one,
    ...(one.variables !== undefined && {
      variables: mapped(one.variables, (value) => redaction.value(value)),
    }),
  });
  return {
    ...expect,
    ...(outputs !== undefined && { outputs: redaction.value(outputs) as JsonObject }),
    ...(artifacts !== undefined && { artifacts: redactArtifacts(artifacts, redaction) }),
    ...(prompts !== undefined && {
      prompts: mapped(prompts, (one) => (Array.isArray(one) ? one.map(prompt) : prompt(one))),
    }),
  };
}

function redactArtifacts(
  artifacts: NonNullable<ReplayExpectations['artifacts']>,
  redaction: Redaction,
): NonNullable<ReplayExpectations['artifacts']> {
  const { include } = artifacts;
  if (include === undefined) return artifacts;
  const named = include.map((one) => ({
    ...one,
    ...(one.name !== undefined && { name: redaction.text(one.name) }),
  }));
  return { ...artifacts, include: named };
}

function mapped<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Texts under names that say that they are secret. They are secret wherever else they stand, too. */
function secretFields(value: Json, name: string | null): string[] {
  if (typeof value === 'string') return name !== null && SECRET_NAME.test(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretFields(item, name));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) => secretFields(child, key));
}

/** E-mail addresses that stand anywhere in it. */
function addressesIn(value: Json): string[] {
  if (typeof value === 'string')
    return privateTexts(value).flatMap(({ kind, start, end }) =>
      kind === 'email' ? [value.slice(start, end)] : [],
    );
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) => [...addressesIn(key), ...addressesIn(child)]);
}

/** Ids that name an office, not a person. */
const OFFICES: ReadonlySet<string> = new Set([
  'admin',
  'administrator',
  'approver',
  'author',
  'client',
  'editor',
  'engine',
  'local',
  'owner',
  'reviewer',
  'root',
  'system',
  'user',
]);

/** Everybody who did something in a run, by id, and by name where the id is an address with one: `ada.miller@...`. */
export function peopleIn(entries: JournalEntry[]): string[] {
  const ids = new Set<string>();
  for (const fact of entries.flatMap(({ facts }) => facts)) {
    const actor: Actor | undefined = 'actor' in fact ? fact.actor : undefined;
    if (actor?.kind !== 'user' || isOffice(actor)) continue;
    ids.add(actor.id);
    const name = /^(\p{L}{2,})[._-](\p{L}{2,})(?:@|$)/u.exec(actor.id);
    if (name !== null) ids.add(`${name[1]} ${name[2]}`);
  }
  return [...ids];
}

function isOffice({ id, roles }: Actor): boolean {
  return OFFICES.has(id.toLowerCase()) || roles?.includes(id) === true;
}

interface Span {
  kind: RedactionKind;
  start: number;
  end: number;
  /** What the text is the beginning of. */
  cutFrom?: string;
}

class Redaction {
  readonly #standInFor: typeof placeholderFor;
  readonly #secrets: RegExp[];
  readonly #people: RegExp[];
  /** Addresses of which a text that was cut off, by a model or by a limit, has only the beginning. */
  readonly #cut: Array<{ address: string; pattern: RegExp }>;
  readonly #placeholders = new Map<string, string>();
  readonly #counts = new Map<RedactionKind, number>();
  /** What stands for something: it is not replaced again. */
  readonly #given = new Set<string>();

  constructor({ secrets, people, keepLength, addresses }: RedactOptions & { addresses: string[] }) {
    this.#standInFor = keepLength === true ? placeholderAsLongAs : placeholderFor;
    this.#secrets = longestFirst(secrets, SHORTEST_SECRET).map((text) => new RegExp(escaped(text), 'g'));
    this.#cut = longestFirst(addresses, 0).map((address) => ({
      address,
      pattern: new RegExp(
        `(?<![\\p{L}\\p{N}._%+-])${escaped(address.slice(0, address.indexOf('@')))}@[\\p{L}\\p{N}.-]*`,
        'giu',
      ),
    }));
    this.#people = longestFirst(people, SHORTEST_NAME).map(
      (text) => new RegExp(`(?<![\\p{L}\\p{N}])${escaped(text)}(?![\\p{L}\\p{N}])`, 'giu'),
    );
  }

  value(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.#number(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [this.text(key), this.value(child)]),
    );
  }

  /** Known secrets go before what has the form of something, and that before names. */
  text(text: string): string {
    const spans: Span[] = [];
    for (const pattern of this.#secrets) addFree(spans, matches(pattern, text, 'secret'));
    addFree(spans, privateTexts(text));
    for (const { address, pattern } of this.#cut)
      addFree(
        spans,
        matches(pattern, text, 'email')
          .filter(({ start, end }) => isBeginning(text.slice(start, end), address))
          .map((span) => ({ ...span, cutFrom: address })),
      );
    for (const pattern of this.#people) addFree(spans, matches(pattern, text, 'person'));
    let clean = '';
    let at = 0;
    for (const { kind, start, end, cutFrom } of spans.sort((a, b) => a.start - b.start)) {
      const standIn = this.#standIn(kind, cutFrom ?? text.slice(start, end));
      clean += text.slice(at, start) + (cutFrom === undefined ? standIn : standIn.slice(0, end - start));
      at = end;
    }
    return clean + text.slice(at);
  }

  counts(): Partial<Record<RedactionKind, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** A card number may be written as a number. */
  #number(value: number): number {
    const text = String(value);
    const isCard = Number.isSafeInteger(value) && /^[2-6]\d{12,15}$/.test(text) && passesLuhn(text);
    return isCard ? Number(this.#standIn('card', text)) : value;
  }

  #standIn(kind: RedactionKind, value: string): string {
    if (this.#given.has(value)) return value;
    // People write addresses and names in capitals or not; a secret has its case.
    const key = `${kind} ${kind === 'secret' ? value : value.toLowerCase()}`;
    const known = this.#placeholders.get(key);
    if (known !== undefined) return known;
    const nth = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, nth);
    const placeholder = this.#standInFor(kind, value, nth);
    this.#placeholders.set(key, placeholder);
    this.#given.add(placeholder);
    return placeholder;
  }
}

function longestFirst(texts: string[], shortest: number): string[] {
  return [...new Set(texts)].filter(({ length }) => length >= shortest).sort((a, b) => b.length - a.length);
}

function isBeginning(text: string, whole: string): boolean {
  return whole.toLowerCase().startsWith(text.toLowerCase());
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function matches(pattern: RegExp, text: string, kind: RedactionKind): Span[] {
  return [...text.matchAll(pattern)].map((found) => ({
    kind,
    start: found.index,
    end: found.index + found[0].length,
  }));
}

/** What was found first keeps its place. */
function addFree(spans: Span[], found: Span[]): void {
  for (const span of found)
    if (spans.every((other) => other.end <= span.start || other.start >= span.end)) spans.push(span);
}
