import type { Fault } from '../source/report.ts';

/** One line of CODEOWNERS that says something. */
export interface OwnersRule {
  pattern: string;
  /** Who owns what the pattern takes in, as gates name people: `user:ada`, `role:docs-team`. Empty: nobody. */
  approvers: string[];
}

/** A line that is not understood, with its place in the text. */
export interface OwnersFault {
  start: number;
  end: number;
  fault: Fault;
}

interface Word {
  text: string;
  start: number;
}

/** Reads CODEOWNERS as GitHub does, in the part of its syntax that means the same everywhere. A line with a fault counts for nothing. */
export function parseCodeowners(text: string): { rules: OwnersRule[]; faults: OwnersFault[] } {
  const rules: OwnersRule[] = [];
  const faults: OwnersFault[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const [pattern, ...owners] = wordsOf(line, start);
    start += line.length + 1;
    if (pattern === undefined) continue;
    const wrong = [...patternFaults(pattern), ...owners.flatMap(ownerFaults)];
    faults.push(...wrong);
    const approvers = owners.map(({ text: owner }) => approverOf(owner) ?? '');
    if (wrong.length === 0) rules.push({ pattern: pattern.text.replaceAll('\\ ', ' '), approvers });
  }
  return { rules, faults };
}

/** Words up to a comment. A space in a path is written `\ `. */
function wordsOf(line: string, at: number): Word[] {
  const words: Word[] = [];
  for (const found of line.matchAll(/(?:\\.|[^\s\\]|\\$)+/g)) {
    if (found[0].startsWith('#')) break;
    words.push({ text: found[0], start: at + found.index });
  }
  return words;
}

function patternFaults({ text, start }: Word): OwnersFault[] {
  const told = (what: string): OwnersFault[] => [
    { start, end: start + text.length, fault: patternFault(what) },
  ];
  if (text.startsWith('!')) return told('"!" does not exclude anything');
  if (text.startsWith('\\#')) return told('a name cannot begin with "#"');
  if (/[[\]]/.test(text)) return told('there are no ranges in "[ ]"');
  if (text.replaceAll('\\ ', '').includes('\\')) return told('only a space can follow "\\"');
  return [];
}

function patternFault(what: string): Fault {
  return {
    code: 'REGISTRY_CODEOWNERS_INVALID',
    message: `This pattern is not understood: ${what}.`,
    hint: 'Write a path such as /templates/ebook/, with * and ** where needed; the last line that takes a file in decides.',
  };
}

function ownerFaults({ text, start }: Word): OwnersFault[] {
  if (approverOf(text) !== null) return [];
  const fault: Fault = {
    code: 'REGISTRY_CODEOWNERS_INVALID',
    message: `"${text}" is not an owner.`,
    hint: 'Write @user, @organisation/team or an e-mail address.',
  };
  return [{ start, end: start + text.length, fault }];
}

const USER = /^@([A-Za-z0-9][A-Za-z0-9._-]{0,127})$/;
const TEAM = /^@[A-Za-z0-9][A-Za-z0-9._-]{0,127}\/([A-Za-z][A-Za-z0-9_-]{0,63})$/;
const MAIL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}@[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/;

/** A user is the user of that name, a team is the role of that name, an address is the user who is known by it. */
function approverOf(owner: string): string | null {
  const user = USER.exec(owner)?.[1];
  if (user !== undefined) return `user:${user}`;
  const team = TEAM.exec(owner)?.[1];
  if (team !== undefined) return `role:${team.toLowerCase()}`;
  return MAIL.test(owner) ? `user:${owner}` : null;
}
