import type { AttemptRecord, Json } from '@stagewright/engine';
import { colours } from './colours.ts';
import { duration, money } from './format.ts';
import { readable } from './readable.ts';

/** Tries at tasks, each with what was sent and what came back. */
export function renderAttempts(attempts: AttemptRecord[]): string {
  return attempts.length === 0 ? 'No attempts.' : attempts.map(renderAttempt).join('\n\n');
}

function renderAttempt(attempt: AttemptRecord): string {
  const { error, raw } = attempt;
  const tools = attempt.toolCalls.map(
    ({ action, error: failed }) => `${action}${failed === null ? '' : ` (${failed.code})`}`,
  );
  return [
    headline(attempt),
    ...section('sent', sentText(attempt.sent)),
    ...(tools.length === 0 ? [] : section('tools', tools.join('\n'))),
    ...(attempt.output === null ? [] : section('came back', readable(attempt.output))),
    ...(raw === null ? [] : section('raw text, which did not fit the contract', raw)),
    ...(error === null
      ? []
      : section(
          'error',
          `${error.code}: ${error.message}${error.hint === undefined ? '' : `\nhint: ${error.hint}`}`,
        )),
  ].join('\n');
}

function headline(attempt: AttemptRecord): string {
  const { task, round, state, startedAt, endedAt, provider, model, usage } = attempt;
  const by = provider === null ? null : `${provider}${model === null ? '' : ` ${model}`}`;
  const time = endedAt === null ? null : duration(Date.parse(endedAt) - Date.parse(startedAt));
  const facts = [`round ${round}`, state, time, by, usage === null ? null : money(usage)];
  return `${colours.bold(`${task}, attempt ${attempt.attempt}`)}  ${facts.filter((fact) => fact !== null).join('  ')}`;
}

/** What a model was asked, as text; anything else that was sent, as data. */
function sentText(sent: Json): string {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return readable(sent);
  const { system, prompt, ...rest } = sent;
  const texts = [system, prompt].filter((text): text is string => typeof text === 'string' && text !== '');
  const others = Object.keys(rest).length === 0 || texts.length > 0 ? [] : [readable(rest)];
  return [...texts, ...others].join('\n\n');
}

function section(title: string, text: string): string[] {
  return [colours.dim(`  ${title}`), ...text.split('\n').map((line) => `    ${line}`.trimEnd())];
}
