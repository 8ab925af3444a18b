import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../cli.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { twoTemplates } from '../testing/git-registry.ts';
import type { GitRegistry } from '../testing/git-registry.ts';

const TEMPLATE = 'templates/tea/template.yaml';
let registry: GitRegistry;
beforeEach(() => {
  registry = twoTemplates();
});

async function report(...args: string[]): Promise<{ code: number; text: string }> {
  const terminal = fakeTerminal({ cwd: registry.root });
  const code = await runCli(['report', ...args], terminal);
  return { code, text: terminal.out() };
}

describe('report', () => {
  it('says that all is well, and how a comment is found again', async () => {
    const { code, text } = await report('main');
    expect(code).toBe(0);
    expect(text.split('\n')[0]).toBe('<!-- stagewright-report -->');
    expect(text).toContain('## ✅ Stagewright: main');
    expect(text).toContain('No template is different.');
    expect(text).toContain(
      '| `coffee` | 1 | ✅ passed | 1/1 | 0/0 | 1/2 |\n| `tea` | 1 | ✅ passed | 2/2 | 0/0 | 1/2 |',
    );
    expect(text).toContain('<details><summary>2 not reached by any case</summary>');
    expect(text).not.toContain('### Before and after');
  });

  it('shows what each stage is asked and gives, before and after, and what nobody knows of the cost', async () => {
    registry.edit('templates/tea/prompts/draft.hbs', 'Write about', 'Compose a poem on');
    registry.edit(TEMPLATE, '1.0.0', '1.0.1');
    const head = registry.commit();
    const { code, text } = await report('HEAD~1', 'HEAD');
    expect(code).toBe(0);
    expect(text).toContain(`→ HEAD (${head.slice(0, 12)})`);
    expect(text).toContain('<details><summary>what <b>draft</b> is asked</summary>');
    expect(text).toContain('- Write about Bees.\n+ Compose a poem on Bees.\n  Plain words.');
    expect(text).toContain('| `tea` | not known | not known | 31 → 37 |');
    expect(text).not.toContain('**Approved** (`templates/coffee');
  });

  it('shows each round once, in order', async () => {
    const prompt =
      'Write about {{inputs.topic}}.{{#if feedback}}{{#each feedback as |one|}} {{one.body}}{{/each}}{{/if}}\n';
    registry.put('templates/tea/prompts/draft.hbs', prompt);
    const sentBack = '[{stage: draft, do: request-changes, comments: [Shorter]}, {stage: draft, do: approve}';
    registry.edit('templates/tea/tests/approved.test.yaml', '[{stage: draft, do: approve}', sentBack);
    registry.commit();
    registry.put('templates/tea/prompts/draft.hbs', prompt.replace('Write', 'Compose'));
    const { text } = await report('HEAD');
    expect(text).toContain(
      '  --- 1 of 2\n- Write about Bees.\n+ Compose about Bees.\n\n  --- 2 of 2\n- Write about Bees. Shorter\n+ Compose about Bees. Shorter\n',
    );
  });

  it('says what a run costs, before and after, where the cases record it', async () => {
    const path = 'templates/tea/tests/approved.test.yaml';
    registry.edit(
      path,
      'decisions:',
      'usage: {draft: {inputTokens: 100, outputTokens: 50, usd: 0.25}}\ndecisions:',
    );
    registry.edit(TEMPLATE, 'title: A tea', 'title: Tea');
    registry.edit(TEMPLATE, '1.0.0', '1.0.1');
    expect((await report('main')).text).toContain('| `tea` | not known | $0.25, 150 tokens | ');
  });

  it('shows cases that fail, and why', async () => {
    registry.edit(TEMPLATE, 'minLength: 3', 'minLength: 30');
    registry.edit(TEMPLATE, '1.0.0', '2.0.0');
    const { code, text } = await report('main');
    expect(code).toBe(1);
    expect(text).toContain('## ❌ Stagewright');
    expect(text).toContain('| `tea` | 1 | ❌ 1 failed | ');
    expect(text).toMatch(/- `inputs` was refused: INPUT\\_INVALID/);
    expect(text).toContain('does not play on both sides');
  });

  it('lists findings, with their places', async () => {
    registry.edit(TEMPLATE, 'mode: ai', 'mode: magic');
    const { code, text } = await report('main');
    expect(code).toBe(1);
    expect(text).toContain('| ❌ | `templates/tea/template.yaml:15:11` | `TEMPLATE_SCHEMA` |');
    expect(text).toContain('| `tea` | 0 | ❌ does not compile |  |  |  |');
  });

  it('goes to a file', async () => {
    await report('main', '--out', 'report.md');
    expect(readFileSync(join(registry.root, 'report.md'), 'utf8')).toContain('## ✅ Stagewright');
  });

  it('stays text whatever a stranger writes', async () => {
    const evil = 'A @everyone #1 <img src=x onerror=alert(1)> [x](https://evil.example) `tick` | pipe';
    registry.edit(
      'templates/tea/tests/approved.test.yaml',
      'title: Approved',
      `title: ${JSON.stringify(evil)}`,
    );
    registry.edit('templates/tea/tests/approved.test.yaml', 'state: done', 'state: failed');
    registry.edit(
      'templates/tea/prompts/draft.hbs',
      'Write about',
      'Write\n```\n</details> @everyone\n```\non',
    );
    const { text } = await report('main');
    const outside = withoutCode(text);
    expect(outside).toContain(
      'A @<!-- -->everyone #<!-- -->1 &lt;img src=x onerror=alert(1)&gt; \\[x\\](https:<!-- -->//evil.example)',
    );
    expect(outside).not.toMatch(/@everyone|#1\b|<img|https:\/\/evil/);
    expect(outside.match(/<details>/g)?.length).toBe(outside.match(/<\/details>/g)?.length);
  });

  it('fits into a comment, and is whole as far as it goes', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, index) =>
        `Line ${index} of a long prompt, which goes on and on, and has more to say in every line of it than anybody asked for.`,
    ).join('\n');
    for (const name of ['tea', 'coffee']) {
      registry.put(`templates/${name}/prompts/draft.hbs`, lines);
      for (let index = 0; index < 12; index += 1) {
        const test = readFileSync(join(registry.root, `templates/${name}/tests/approved.test.yaml`), 'utf8');
        registry.put(`templates/${name}/tests/case-${index}.test.yaml`, test);
      }
    }
    registry.commit();
    for (const name of ['tea', 'coffee'])
      registry.put(`templates/${name}/prompts/draft.hbs`, lines.replaceAll('long', 'short'));
    const { text } = await report('HEAD');
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('*This report was cut');
    const outside = withoutCode(text);
    expect(outside.match(/<details>/g)?.length).toBe(outside.match(/<\/details>/g)?.length);
    expect(outside).not.toContain('```');
  });
});

/** What GitHub reads as Markdown: without fenced blocks and code in lines. */
function withoutCode(text: string): string {
  const shown: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const found = /^ *(`{3,})/.exec(line)?.[1];
    if (fence === null && found !== undefined) fence = found;
    else if (fence !== null) fence = line.trim() === fence ? null : fence;
    else shown.push(line.replace(/(`+)(?!`).*?\1/g, ''));
  }
  return shown.join('\n');
}
