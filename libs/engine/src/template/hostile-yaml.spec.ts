import { describe, expect, it } from '@jest/globals';
import { compileTemplate } from './compile-template.ts';
import type { CompiledTemplate } from './compile-template.ts';
import { filesFromMap } from './registry-files.ts';
import { HOSTILE_TEMPLATES, good } from '../../../../test/support/hostile/templates.ts';
import type { HostileTemplate } from '../../../../test/support/hostile/templates.ts';
import type { ActionCatalog } from './catalog.ts';

const catalog: ActionCatalog = { action: () => undefined, actions: () => [], workflowTypes: () => ['ebook'] };

function compile(template: string | Uint8Array): CompiledTemplate {
  const files = new Map<string, string | Uint8Array>([
    ['templates/t/template.yaml', template],
    ['templates/t/prompts/a.hbs', 'Write.\n'],
  ]);
  return compileTemplate(filesFromMap(files), 't', catalog);
}

describe('hostile template files', () => {
  it.each(
    HOSTILE_TEMPLATES.map((row): [string, string, string, HostileTemplate] => [
      row.id,
      row.what,
      row.code,
      row,
    ]),
  )('%s: %s gets %s', (_id, _what, _code, row) => {
    const { plan, findings } = compile(row.bad);
    expect(plan).toBeNull();
    const finding = findings.find(
      ({ code, message }) => code === row.code && (row.says?.test(message) ?? true),
    );
    expect(finding).toMatchObject({ severity: 'error', file: 'templates/t/template.yaml', line: row.line });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it.each(HOSTILE_TEMPLATES.map((row): [string, string, HostileTemplate] => [row.id, row.what, row]))(
    '%s: the twin of %s passes',
    (_id, _what, row) => {
      const { plan, findings } = compile(row.twin);
      expect(findings).toEqual([]);
      expect(plan?.name).toBe('t');
    },
  );

  it('is done with any of them in well under a second', () => {
    for (const row of HOSTILE_TEMPLATES) {
      const before = process.cpuUsage();
      compile(row.bad);
      expect([row.what, process.cpuUsage(before).user < 1_500_000]).toEqual([row.what, true]);
    }
  });

  it('compares the keys of a large mapping in linear time', () => {
    const labels = Array.from({ length: 12_000 }, (_, index) => `a${index}: ""`).join(', ');
    const before = process.cpuUsage();
    const { findings } = compile(good(`labels: {${labels}}\n`));
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
    expect(findings.map(({ code }) => code)).toContain('TEMPLATE_SCHEMA');
  });
});
