import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from '../../errors/nearest.ts';
import type { Json } from '../../vocabulary.ts';
import { modesWithKey } from '../schema/stage-schema.ts';
import type { Fault } from '../source/report.ts';
import type { SourceNode } from '../source/source-node.ts';

export function unknownFieldFault(name: string, known: string[], owner: SourceNode): Fault {
  return {
    code: 'TEMPLATE_SCHEMA_UNKNOWN_FIELD',
    message: `There is no field "${shown(name)}" here.`,
    hint: unknownFieldHint(name, known, owner),
  };
}

function unknownFieldHint(name: string, known: string[], owner: SourceNode): string {
  const mode = owner.kind === 'map' ? owner.value['mode'] : undefined;
  const modes = typeof mode === 'string' ? modesWithKey(name) : [];
  if (modes.length > 0) return `"${name}" belongs to stages of mode ${modes.join(', ')}.`;
  const other = nearest(name, known);
  return other === null ? `Allowed are: ${known.join(', ')}.` : `Did you mean "${other}"?`;
}

/** A fault of shape in words; the description in the format's schema says what would be right. */
export function shapeFault(error: ErrorObject, node: SourceNode, label: string): Fault {
  const description: unknown = error.parentSchema?.['description'];
  const name = named(label);
  return {
    code: 'TEMPLATE_SCHEMA',
    message: `${name} ${complaint(error, node)}.`,
    hint: hintFor(error, node) ?? (typeof description === 'string' ? firstSentence(description) : null),
  };
}

function named(label: string): string {
  if (label.startsWith('The ')) return label;
  return /^\d+$/.test(label) ? 'This item' : `"${shown(label)}"`;
}

function complaint(error: ErrorObject, node: SourceNode): string {
  const params = error.params as Record<string, Json>;
  switch (error.keyword) {
    case 'type':
      return `must be ${listed(params['type'])}, but it is ${kindOf(node)}`;
    case 'required':
      return `lacks the field "${text(params['missingProperty'])}"`;
    case 'const':
      return `must be "${text(params['allowedValue'])}"`;
    case 'enum':
      return `must be one of ${options(params['allowedValues'])}, but it is ${kindOf(node)}`;
    case 'pattern':
      return error.propertyName === undefined
        ? `does not fit: ${kindOf(node)}`
        : 'is not allowed as a name here';
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return `must be ${text(params['comparison'])} ${text(params['limit'])}, but it is ${kindOf(node)}`;
    case 'minItems':
      return `must have at least ${text(params['limit'])} item`;
    case 'maxItems':
      return `may have at most ${text(params['limit'])} items, but it has ${node.kind === 'list' ? node.items.length : 'more'}`;
    case 'minLength':
      return `must have at least ${text(params['limit'])} character`;
    case 'maxLength':
      return `may have at most ${text(params['limit'])} characters`;
    case 'maxProperties':
      return `may have at most ${text(params['limit'])} entries`;
    case 'uniqueItems':
      return 'holds the same item twice';
    default:
      return error.message ?? 'is not right';
  }
}

function hintFor(error: ErrorObject, node: SourceNode): string | null {
  if (error.keyword === 'required') return `Add "${text(error.params['missingProperty'] as Json)}".`;
  if (node.kind !== 'scalar') return null;
  if (error.keyword === 'type' && wantsText(error.params['type']) && node.value !== null) {
    return `Quote it: "${node.source.text.slice(node.start, node.end)}".`;
  }
  if (error.keyword === 'enum' && typeof node.value === 'string') {
    const other = nearest(node.value, (error.params['allowedValues'] as unknown[]).map(String));
    return other === null ? null : `Did you mean "${other}"?`;
  }
  return null;
}

function wantsText(type: unknown): boolean {
  return Array.isArray(type) ? type.includes('string') : type === 'string';
}

/** A value in a few words: `the number 5`, `a list`, `the text "x"`. */
export function kindOf(node: SourceNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  switch (typeof node.value) {
    case 'string':
      return `the text "${shown(node.value)}"`;
    case 'number':
      return `the number ${shown(node.source.text.slice(node.start, node.end))}`;
    case 'boolean':
      return `${node.value}`;
    default:
      return 'empty';
  }
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

function listed(types: Json | undefined): string {
  const names = (Array.isArray(types) ? types : [types]).map((type) => TYPE_WORDS[text(type)] ?? text(type));
  return names.join(' or ');
}

function options(values: Json | undefined): string {
  return (Array.isArray(values) ? values : []).map((value) => `"${text(value)}"`).join(', ');
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

export function shown(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

function firstSentence(description: string): string {
  return description.endsWith('.') ? description : `${description}.`;
}
