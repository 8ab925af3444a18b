import type { Finding } from '@stagewright/engine';
import { diffLines } from '@stagewright/engine/text';
import { countFindings } from '../render/findings.ts';
import { readable } from '../render/readable.ts';
import { code, details, diffBlock, inline, table } from './markdown.ts';
import type { Replayed } from './recorded-prompts.ts';
import type { ReplayedTemplate } from './replay-sides.ts';

const MOST_FINDINGS = 50;
const MOST_FAILURES = 30;

/** What is wrong in HEAD. */
export function findingsSection(findings: Finding[]): string[] {
  const head = ['### Findings', ''];
  if (findings.length === 0) return [...head, 'None.', ''];
  const rows = findings
    .slice(0, MOST_FINDINGS)
    .map(({ severity, code: name, file, line, column, message }) => [
      severity === 'error' ? '❌' : '⚠️',
      code(`${file}:${line}:${column}`),
      code(name),
      inline(message),
    ]);
  const more =
    findings.length > MOST_FINDINGS ? [`${findings.length - MOST_FINDINGS} more are not listed.`, ''] : [];
  return [...head, `${countFindings(findings)}.`, '', ...table(['', 'where', 'code', 'what'], rows), ...more];
}

/** What the recorded cases of HEAD gave. */
export function testsSection(templates: ReplayedTemplate[]): string[] {
  const rows = templates.map((template) => [
    code(template.name),
    String(template.head.length),
    testVerdict(template),
    ...coverageCells(template),
  ]);
  const failures = templates.flatMap(({ head }) => head.filter(({ result }) => !result.passed));
  return [
    '### Tests',
    '',
    ...(rows.length === 0
      ? ['There are no templates.', '']
      : table(['template', 'cases', '', 'stages', 'branches', 'gates and loops'], rows)),
    ...missedLines(templates),
    ...failures.slice(0, MOST_FAILURES).flatMap(failureLines),
  ];
}

function coverageCells({ coverage }: ReplayedTemplate): string[] {
  if (coverage === null) return ['', '', ''];
  return [coverage.stages, coverage.branches, coverage.loops].map(
    ({ reached, total }) => `${reached}/${total}`,
  );
}

/** What no case reaches: whoever reviews the change may ask for one. */
function missedLines(templates: ReplayedTemplate[]): string[] {
  const missed = templates.flatMap(({ coverage }) => coverage?.missed ?? []);
  if (missed.length === 0) return [];
  const lines = missed
    .slice(0, MOST_FINDINGS)
    .map(({ file, line, message }) => `- ${code(`${file}:${line}`)} ${inline(message)}`);
  return details(`${missed.length} not reached by any case`, lines);
}

function testVerdict({ coverage, head }: ReplayedTemplate): string {
  if (coverage === null) return '❌ does not compile';
  const failed = head.filter(({ result }) => !result.passed).length;
  if (failed > 0) return `❌ ${failed} failed`;
  return head.length === 0 ? '⚠️ no cases' : '✅ passed';
}

function failureLines({ result }: Replayed): string[] {
  const { path, title, findings, differences } = result;
  const lines = [
    ...findings.map(({ line, column, message }) => `- line ${line}:${column}: ${inline(message)}`),
    ...differences.map((difference) => `- ${code(difference.path)} ${inline(difference.message)}`),
  ];
  return [`❌ ${inline(title)} (${code(path)})`, '', ...lines, ''];
}

/** What each stage is asked and gives, before and after, in every recorded case of the templates that are different. */
export function stagesSection(templates: ReplayedTemplate[]): string[] {
  const different = templates.filter(({ isDifferent }) => isDifferent);
  const lines = different.flatMap(({ head, base }) =>
    head.flatMap((after) =>
      caseLines(
        after,
        base.find(({ result }) => result.path === after.result.path),
      ),
    ),
  );
  if (different.length === 0) return [];
  const none = ['Every stage is asked, and gives, the same as before in all recorded cases.', ''];
  return [
    '### Before and after',
    '',
    'From the recorded cases, as BASE and HEAD play them.',
    '',
    ...(lines.length === 0 ? none : lines),
  ];
}

function caseLines(after: Replayed, before: Replayed | undefined): string[] {
  const { title, path } = after.result;
  if (before === undefined)
    return [`- ${inline(title)} (${code(path)}) is new: there is nothing to compare it with.`, ''];
  if (before.result.run === null || after.result.run === null) {
    return [`- ${inline(title)} (${code(path)}) does not play on both sides.`, ''];
  }
  const parts = [
    ...compared('is asked', before.prompts, after.prompts),
    ...compared('gives', outputsOf(before), outputsOf(after)),
  ];
  return parts.length === 0 ? [] : [`**${inline(title)}** (${code(path)})`, '', ...parts];
}

function compared(verb: string, before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((stage) => {
    const [was, is] = [before.get(stage) ?? '', after.get(stage) ?? ''];
    return was === is ? [] : details(`what <b>${inline(stage)}</b> ${verb}`, diffBlock(diffLines(was, is)));
  });
}

function outputsOf({ result }: Replayed): Map<string, string> {
  const stages = result.run?.stages ?? [];
  return new Map([
    ...stages.map(({ id, output }) => [id, output === null ? '' : readable(output)] as const),
    ['the run', result.run === null ? '' : readable(result.run.outputs)],
  ]);
}

/** What the recorded cases cost, as far as they say so. What nobody knows is said, and never shown as zero. */
export function costSection(templates: ReplayedTemplate[]): string[] {
  const different = templates.filter(({ isDifferent }) => isDifferent);
  if (different.length === 0) return [];
  const rows = different.map(({ name, base, head }) => [
    code(name),
    costText(base),
    costText(head),
    lengths(base, head),
  ]);
  return [
    '### Cost',
    '',
    'A run like the recorded cases, on average. Not known means that no case records what its stages used.',
    '',
    ...table(['template', 'before', 'after', 'characters asked'], rows),
  ];
}

function costText(cases: Replayed[]): string {
  const spent = cases.flatMap(({ result }) => (result.run === null ? [] : [result.run.spent]));
  const known = spent.filter(({ inputTokens, outputTokens }) => inputTokens + outputTokens > 0);
  if (known.length === 0) return 'not known';
  const average = (of: (usage: (typeof known)[number]) => number): number =>
    known.reduce((sum, usage) => sum + of(usage), 0) / known.length;
  const tokens = `${Math.round(average(({ inputTokens, outputTokens }) => inputTokens + outputTokens))} tokens`;
  if (known.some(({ usd }) => usd === null)) return `${tokens}, price not known`;
  const usd = average((usage) => usage.usd ?? 0);
  return `$${usd.toFixed(usd < 0.01 ? 4 : 2)}, ${tokens}`;
}

/** Over the cases that play on both sides. */
function lengths(base: Replayed[], head: Replayed[]): string {
  const pairs = head.flatMap((after) => {
    const before = base.find(({ result }) => result.path === after.result.path);
    return before === undefined || before.result.run === null || after.result.run === null
      ? []
      : [{ before, after }];
  });
  const average = (side: 'before' | 'after'): number =>
    Math.round(pairs.reduce((sum, pair) => sum + lengthOf(pair[side]), 0) / pairs.length);
  return pairs.length === 0 ? 'not known' : `${average('before')} → ${average('after')}`;
}

function lengthOf({ prompts }: Replayed): number {
  return [...prompts.values()].join('').length;
}
