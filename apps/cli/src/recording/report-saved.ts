import { renderFinding } from '../render/findings.ts';
import { differenceInJson, renderCase } from '../render/replay-report.ts';
import { print, printError, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import type { SavedCase } from './save-case.ts';

const WORDS: Record<keyof SavedCase['replaced'], [one: string, several: string]> = {
  secret: ['secret', 'secrets'],
  email: ['e-mail address', 'e-mail addresses'],
  phone: ['phone number', 'phone numbers'],
  iban: ['account number', 'account numbers'],
  card: ['card number', 'card numbers'],
  person: ['name', 'names'],
};

/** Says where a case was saved, what was replaced in it, and whether it passes. Exit 1 when it does not. */
export function reportSaved(terminal: Terminal, saved: SavedCase, json: boolean): void {
  const { path, replaced, result, findings, isOtherRevision } = saved;
  const passed = result?.passed === true;
  printError(terminal, replacedText(replaced));
  if (isOtherRevision)
    printError(terminal, 'The run went by another revision of the template than the one in this folder.');
  if (json) {
    const told = [...findings, ...(result?.findings ?? [])];
    const differences = (result?.differences ?? []).map(differenceInJson);
    printJson(terminal, { path, passed, replaced, findings: told, differences });
  } else {
    print(terminal, `saved ${path}`);
    for (const finding of findings) print(terminal, renderFinding(finding));
    if (result !== null) print(terminal, renderCase(result));
  }
  if (!passed) terminal.exitCode = 1;
}

function replacedText(replaced: SavedCase['replaced']): string {
  const parts = Object.entries(replaced).map(([kind, count]) => {
    const [one, several] = WORDS[kind as keyof SavedCase['replaced']];
    return `${count} ${count === 1 ? one : several}`;
  });
  if (parts.length === 0) return 'Nothing in it had to be replaced. Read it before you commit it.';
  const total = Object.values(replaced).reduce((sum, count) => sum + count, 0);
  return `Replaced ${total} ${total === 1 ? 'value' : 'values'}: ${parts.join(', ')}. Read it before you commit it.`;
}
