import type { AiRequest, Json, JsonObject } from '@stagewright/engine';

/** What the text is about, read from the data that the prompt was rendered with. */
export interface Theme {
  topic: string;
  audience: string;
  /** The item of `forEach`, when it is an object. */
  item: JsonObject | null;
  /** What this part is about: the item's title, else the topic. */
  focus: string;
  /** Position in the lists around, 0 outside of them: neighbours get different sentences. */
  turn: number;
  /** Points that the part makes, from the item. May be empty. */
  points: string[];
  /** Remarks of reviewers on the attempt before. */
  remarks: string[];
  /** A reviewer asked for less text. */
  shorter: boolean;
  /** How many entries a list of this name should have, where the inputs say so. */
  count(name: string): number | null;
  /** Entries that an earlier stage gave for a list of this name. */
  listed(name: string): Json[] | null;
}

const TOPIC_NAMES = ['topic', 'subject', 'theme', 'title', 'name', 'question', 'keyword', 'product'];
const OWN_KEYS = new Set(['inputs', 'stages', 'run', 'feedback', 'previous', 'index', 'item']);
const SHORTER =
  /\b(short|shorter|shorten|brief|briefer|concise|trim|cut|less|fewer|tighter|too long|kürzer|kürzen)\b/i;

export function readTheme(request: Pick<AiRequest, 'subject' | 'messages'>): Theme {
  const { subject } = request;
  const inputs = asObject(subject['inputs']) ?? {};
  const outputs = outputsOf(subject);
  const item = findItem(subject);
  const topic = findTopic(inputs, outputs, subject) ?? firstWords(request) ?? 'the subject';
  const remarks = readRemarks(subject['feedback']);
  return {
    topic,
    audience: shortText(inputs['audience']) ?? shortText(inputs['readers']) ?? 'readers',
    item,
    focus: (item && titleOf(item)) ?? itemText(subject) ?? topic,
    turn: 0,
    points: item ? pointsOf(item) : [],
    remarks,
    shorter: remarks.some((remark) => SHORTER.test(remark)),
    count: (name) => countFor(name, inputs),
    listed: (name) => outputs.map((output) => output[name]).findLast(Array.isArray) ?? null,
  };
}

/** The title of an object, under whichever of the usual names it stands. */
export function titleOf(value: JsonObject): string | null {
  return shortText(value['title']) ?? shortText(value['name']) ?? shortText(value['heading']);
}

export function asObject(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

function findTopic(inputs: JsonObject, outputs: JsonObject[], subject: JsonObject): string | null {
  for (const place of [inputs, ...outputs]) {
    for (const name of TOPIC_NAMES) {
      const text = shortText(place[name]);
      if (text !== null) return text;
    }
  }
  const words = Object.entries(inputs).find(([name, value]) => name !== 'language' && wordy(value));
  const run = asObject(subject['run']);
  return shortText(words?.[1]) ?? shortText(run?.['title']) ?? shortText(run?.['template']);
}

/** Some inputs are settings (`en`, `a4`): a topic has a space or more than three letters. */
function wordy(value: Json): boolean {
  return typeof value === 'string' && /\p{L}{4}|\s/u.test(value) && !value.includes('://');
}

function firstWords(request: Pick<AiRequest, 'messages'>): string | null {
  const text = request.messages.find((message) => message.role === 'user')?.text ?? '';
  return shortText(text.split(/[\n.!?]/u).find((line) => line.trim() !== ''));
}

function outputsOf(subject: JsonObject): JsonObject[] {
  const stages = Object.values(asObject(subject['stages']) ?? {});
  return stages.map((stage) => asObject(asObject(stage)?.['output'])).filter((output) => output !== null);
}

function findItem(subject: JsonObject): JsonObject | null {
  const given = asObject(subject['item']);
  if (given) return asObject(given['value']) ?? given;
  const own = Object.entries(subject).filter(([name]) => !OWN_KEYS.has(name));
  return own.map(([, value]) => asObject(value)).find((value) => value !== null) ?? null;
}

/** An item that is a plain string is what the part is about. */
function itemText(subject: JsonObject): string | null {
  const own = Object.entries(subject).filter(([name]) => !OWN_KEYS.has(name));
  return (
    shortText(subject['item']) ??
    own.map(([, value]) => shortText(value)).find((text) => text !== null) ??
    null
  );
}

function pointsOf(item: JsonObject): string[] {
  const lists = Object.values(item).map((value): Json[] => (Array.isArray(value) ? value : []));
  const texts = lists.flatMap((list) =>
    list.map((entry) => shortText(entry) ?? titleOf(asObject(entry) ?? {})),
  );
  return texts.filter((text) => text !== null).slice(0, 8);
}

function readRemarks(feedback: Json | undefined): string[] {
  const list = Array.isArray(feedback)
    ? feedback
    : feedback === undefined || feedback === null
      ? []
      : [feedback];
  const flat = list.flatMap((entry): Json[] => {
    const object = asObject(entry);
    const comments: Json = object?.['comments'] ?? null;
    return Array.isArray(comments) ? comments : [entry];
  });
  return flat
    .map((entry: Json) => shortText(entry) ?? shortText(asObject(entry)?.['body']))
    .filter((text) => text !== null);
}

function countFor(name: string, inputs: JsonObject): number | null {
  const singular = name.replace(/s$/, '');
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  for (const key of [name, `${singular}Count`, `${name}Count`, `numberOf${capital}`, `${singular}_count`]) {
    const value = inputs[key];
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  }
  return null;
}

/** One line of at most 120 characters; null when there is no text. */
function shortText(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  const line = [...value.replace(/\s+/gu, ' ').trim()].slice(0, 120).join('').trim();
  return line === '' ? null : line;
}
