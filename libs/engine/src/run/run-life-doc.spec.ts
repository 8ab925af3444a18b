/**
 * Keeps `docs/reference/run-life.md` true. When a test fails here, the code and the page say different things: decide
 * which of them is right and mend the other.
 */
import { readFileSync } from 'node:fs';
import { describe, it, expect } from '@jest/globals';
import { VERB_STATES } from './index.ts';

const PAGE = readFileSync(new URL('../../../../docs/reference/run-life.md', import.meta.url), 'utf8');
const source = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Cells of the table below a heading, without its head and rule. */
function tableBelow(heading: string): { head: string[]; rows: string[][] } {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return { head, rows };
}

const inQuotes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

describe('the page on the life of a run', () => {
  it('marks for every verb the states that it applies to', () => {
    const { head, rows } = tableBelow('Verbs');
    const told = rows.map(([verb, ...cells]) => [
      verb,
      head.slice(1).filter((_, index) => cells[index] === 'yes'),
    ]);
    expect(Object.fromEntries(told)).toEqual(VERB_STATES);
  });

  it('lists every state', () => {
    const { head } = tableBelow('Verbs');
    const { rows } = tableBelow('States');
    expect(rows.flatMap(([state]) => inQuotes(state!))).toEqual(head.slice(1));
  });

  it('lists every code of a refusal', () => {
    const union = source('./run.errors.ts').split('export type RefusalCode =')[1]!.split(';')[0]!;
    const codes = [...union.matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code);
    const told = tableBelow('What is refused, and with which code').rows.flatMap(([code]) => inQuotes(code!));
    expect(new Set(told)).toEqual(new Set(codes));
  });

  it('lists every fact', () => {
    const facts = [...source('./fact.ts').matchAll(/type: '([a-z-]+\.[a-z]+)'/g)].map(([, fact]) => fact);
    const told = tableBelow('Facts').rows.flatMap(([fact]) => inQuotes(fact!));
    expect(facts.length).toBeGreaterThan(30);
    expect([...told].sort()).toEqual([...facts].sort());
  });
});
