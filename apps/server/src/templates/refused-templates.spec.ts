import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { StagewrightError } from '@stagewright/engine';
import type { Finding } from '@stagewright/engine';

import { openTestPglite } from '../../../../test/support/database.ts';
import { template } from '../../../../test/support/registry-bench.ts';
import { openWriterBench, writer } from '../../../../test/support/registry-writer-bench.ts';
import type { WriterBench, WritingServer } from '../../../../test/support/registry-writer-bench.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { problemOf } from '../problem/problem-of.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

/** A template with stages of its own. */
function withStages(...stages: string[]): string {
  return [
    'apiVersion: stagewright/v1',
    'name: letter',
    'type: memo',
    'version: 1.0.0',
    'inputs: {type: object, additionalProperties: false, properties: {topic: {type: string}}}',
    'stages:',
    ...stages.map((stage) => `  - ${stage}`),
    '',
  ].join('\n');
}

const SOUND = template('letter');
const ASK = '{id: ask, mode: ai, prompt: prompts/ask.hbs}';

interface Refused {
  sent: string;
  files?: Record<string, string>;
  /** Every finding, as `<file below the template's folder>:<line>:<column> <code>`. */
  found: string[];
}

const REFUSED: Record<string, Refused> = {
  'an unknown stage': {
    sent: SOUND.replace('stages.write.output.text', 'stages.wrote.output.text'),
    found: ['template.yaml:14:29 TEMPLATE_UNKNOWN_STAGE'],
  },
  'a name that no folder may have': {
    sent: SOUND.replace('name: letter', 'name: ../Letter'),
    found: ['template.yaml:2:7 TEMPLATE_SCHEMA'],
  },
  'no name at all': {
    sent: SOUND.replace('name: letter\n', ''),
    found: ['template.yaml:1:1 TEMPLATE_SCHEMA'],
  },
  'a stage id with a space': {
    sent: withStages('{id: a b, mode: manual, form: {type: object}}'),
    found: ['template.yaml:7:10 TEMPLATE_SCHEMA'],
  },
  'a circle of stages': {
    sent: withStages(
      '{id: a, mode: manual, form: {type: object}, needs: [b]}',
      '{id: b, mode: manual, form: {type: object}, needs: [a]}',
    ),
    found: ['template.yaml:8:57 TEMPLATE_CYCLE'],
  },
  'a prompt that is not sent': {
    sent: withStages(ASK),
    found: ['template.yaml:7:33 TEMPLATE_FILE_MISSING'],
  },
  'a variable that nothing gives': {
    sent: withStages(ASK),
    files: { 'prompts/ask.hbs': 'About {{inputs.topic}},\nfor {{inputs.reader}}.\n' },
    found: ['prompts/ask.hbs:2:7 PROMPT_VAR_UNKNOWN'],
  },
  'a partial that is not there': {
    sent: withStages(ASK),
    files: { 'prompts/ask.hbs': '{{> nobody}}' },
    found: ['prompts/ask.hbs:1:5 PROMPT_PARTIAL_FORBIDDEN'],
  },
  'an alias': {
    sent: SOUND.replace('title: letter', 'title: &t letter\ndescription: *t').replace(
      '\ndescription: A memo that a person writes.',
      '',
    ),
    found: ['template.yaml:3:8 TEMPLATE_YAML_ALIAS', 'template.yaml:4:14 TEMPLATE_YAML_ALIAS'],
  },
  'a key twice': {
    sent: `${SOUND}version: 2.0.0\n`,
    found: ['template.yaml:15:1 TEMPLATE_YAML_INVALID'],
  },
  'a tag': {
    sent: SOUND.replace('title: letter', 'title: !!js/function letter'),
    found: ['template.yaml:3:8 TEMPLATE_YAML_TAG'],
  },
  'no YAML': {
    sent: SOUND.replace('owners: [team]', 'owners: [team'),
    found: ['template.yaml:8:1 TEMPLATE_YAML_INVALID'],
  },
  'a pattern that could take for ever': {
    sent: SOUND.replace('topic: {type: string}', 'topic: {type: string, pattern: "^(a+)+\\\\1$"}'),
    found: ['template.yaml:9:97 SCHEMA_UNSAFE_PATTERN'],
  },
  'an unknown action': {
    sent: withStages('{id: send, mode: system, uses: memo/send}'),
    found: ['template.yaml:7:36 TEMPLATE_UNKNOWN_ACTION'],
  },
  'an unknown kind of workflow': {
    sent: SOUND.replace('type: memo', 'type: opera'),
    found: ['template.yaml:5:7 TEMPLATE_UNKNOWN_TYPE'],
  },
  'an unknown key, close to one': {
    sent: SOUND.replace('owners:', 'owner:'),
    found: ['template.yaml:7:1 TEMPLATE_SCHEMA_UNKNOWN_FIELD'],
  },
  'a reusable stage that is not there': {
    sent: withStages('{id: a, extends: stages/none}'),
    found: ['template.yaml:7:22 TEMPLATE_FILE_MISSING'],
  },
  'a contract that is no schema': {
    sent: withStages('{id: a, mode: ai, prompt: prompts/ask.hbs, output: schemas/a.json}'),
    files: { 'prompts/ask.hbs': 'Ask.', 'schemas/a.json': '{"type": "objekt"}' },
    found: ['schemas/a.json:1:10 SCHEMA_INVALID'],
  },
  'a file outside of its folder': {
    sent: SOUND,
    files: { '../memo/template.yaml': 'x' },
    found: ['../memo/template.yaml:1:1 PATH_FORBIDDEN'],
  },
  'files that Git or a system would take for something else': {
    sent: SOUND,
    files: {
      '.git/config': 'x',
      '/etc/passwd': 'x',
      'a\nb.md': 'x',
      '-rf': 'x',
      'C:\\x': 'x',
      '.gitmodules': 'x',
    },
    found: ['.git/config', '/etc/passwd', 'a�b.md', '-rf', 'C:\\x', '.gitmodules']
      .map((file) => `${file}:1:1 PATH_FORBIDDEN`)
      .sort(),
  },
  'one file in two spellings, and the template among its files': {
    sent: SOUND,
    files: { 'notes.md': 'x', 'Notes.md': 'y', 'Template.yaml': 'z' },
    found: ['Notes.md:1:1 PATH_FORBIDDEN', 'Template.yaml:1:1 PATH_FORBIDDEN'],
  },
  'a file that is too large': {
    sent: SOUND,
    files: { 'README.md': 'x'.repeat(262_145) },
    found: ['README.md:1:1 TEMPLATE_TOO_LARGE'],
  },
  'a file that is no plain text': {
    sent: SOUND,
    files: { 'README.md': 'a\u0000b', 'half.md': '\ud800' },
    found: ['README.md:1:2 TEMPLATE_ENCODING', 'half.md:1:1 TEMPLATE_ENCODING'],
  },
  'too many files': {
    sent: SOUND,
    files: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`notes/${index}.md`, 'x'])),
    found: ['template.yaml:1:1 TEMPLATE_TOO_LARGE'],
  },
  'a test that is none': {
    sent: SOUND,
    files: { 'tests/a.test.yaml': 'title: A\nexpect: {stages: {wrote: {state: done}}}\n' },
    found: ['tests/a.test.yaml:2:19 TEST_UNKNOWN_STAGE'],
  },
  'everything at once': {
    sent: withStages(ASK, '{id: send, mode: system, uses: memo/send, needs: [nobody]}').replace(
      'memo',
      'opera',
    ),
    files: { 'prompts/ask.hbs': '{{inputs.reader}} {{shout inputs.topic}}', '../x': '', 'a.md': '\u0007' },
    found: [
      '../x:1:1 PATH_FORBIDDEN',
      'a.md:1:1 TEMPLATE_ENCODING',
      'prompts/ask.hbs:1:21 PROMPT_HELPER_UNKNOWN',
      'prompts/ask.hbs:1:3 PROMPT_VAR_UNKNOWN',
      'template.yaml:3:7 TEMPLATE_UNKNOWN_TYPE',
      'template.yaml:8:36 TEMPLATE_UNKNOWN_ACTION',
      'template.yaml:8:55 TEMPLATE_UNKNOWN_STAGE',
    ],
  },
};

describe('a template that is refused', () => {
  let database: OpenDatabase;
  let bench: WriterBench;
  let server: WritingServer;
  let tip: string;

  beforeAll(async () => {
    database = await openTestPglite();
    bench = await openWriterBench(database);
    bench.put('templates/memo/template.yaml', template('memo'));
    tip = bench.push();
    server = bench.server('one');
    await server.registry.sync();
  });
  afterAll(async () => {
    bench.remove();
    await database.close();
  });

  it.each(Object.entries(REFUSED))(
    'for %s: all that is wrong, and no commit',
    async (_what, { sent, files = {}, found }) => {
      const refused = await server.templates.add(writer(), { template: sent, files }).then(
        () => null,
        (error: unknown) => error,
      );
      expect(refused).toBeInstanceOf(StagewrightError);
      const { status, code, details } = problemOf(refused);
      expect({ status, code }).toEqual({ status: 422, code: 'TEMPLATE_INVALID' });
      const findings = details?.['findings'] as unknown as Finding[];
      const told = findings.map(
        ({ file, line, column, code: of }) =>
          `${file.replace(/^templates\/(letter|template-without-a-name)\//, '')}:${line}:${column} ${of}`,
      );
      expect(told.sort()).toEqual(found);
      expect(findings.every(({ severity, message }) => severity === 'error' && message.length > 10)).toBe(
        true,
      );
      expect(bench.at('for-each-ref', '--format=%(objectname) %(refname)')).toBe(`${tip} refs/heads/main`);
    },
  );

  it('may still be changed: to something sound, and not to something broken', async () => {
    const broken = { template: template('memo').replace('output.text', 'output.txt') };
    await expect(server.templates.change(writer(), 'memo', broken)).rejects.toMatchObject({
      code: 'TEMPLATE_INVALID',
    });
    const renamed = server.templates.change(writer(), 'memo', { template: template('other') });
    await expect(renamed).rejects.toMatchObject({
      details: { findings: [{ code: 'TEMPLATE_NAME_MISMATCH' }] },
    });
    expect(bench.at('rev-parse', 'main')).toBe(tip);
  });
});
