import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Finding } from '@stagewright/engine';

import { stagewright } from '../support/cli-process.ts';
import { ROOT } from '../support/root.ts';
import { apiOf } from './support/api.ts';
import { makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import { install } from './support/installation.ts';
import type { Installation } from './support/installation.ts';

jest.setTimeout(120_000);

/** One line that is changed, and what must be found there: `«` and `»` mark the text that the finding points to. They are not planted. */
interface PlantedFault {
  what: string;
  file: string;
  /** A text that stands in exactly one place of the file. */
  instead: string;
  write: string;
  code: string;
  severity?: 'warning';
}

const EBOOK = 'templates/ebook/template.yaml';
const MANUSCRIPT = 'templates/manuscript/template.yaml';
const PROMPTS = 'templates/ebook/prompts';

/** Twenty, each of another kind. None hides another one: each stands alone in what it breaks. */
const FAULTS: PlantedFault[] = [
  {
    what: 'a key that is misspelt',
    file: EBOOK,
    instead: 'description: Turns the topic into',
    write: '«descripton»: Turns the topic into',
    code: 'TEMPLATE_SCHEMA_UNKNOWN_FIELD',
  },
  {
    what: 'a version that is not SemVer',
    file: EBOOK,
    instead: 'version: 1.0.0',
    write: 'version: «one.two»',
    code: 'TEMPLATE_SCHEMA',
  },
  {
    what: 'a quorum that is a word',
    file: EBOOK,
    instead: 'quorum: 1',
    write: 'quorum: «one»',
    code: 'TEMPLATE_SCHEMA',
  },
  {
    what: 'a concurrency out of range',
    file: EBOOK,
    instead: 'concurrency: 4',
    write: 'concurrency: «400»',
    code: 'TEMPLATE_SCHEMA',
  },
  {
    what: 'a timeout without a unit',
    file: EBOOK,
    instead: 'timeout: 5m',
    write: 'timeout: «5»',
    code: 'TEMPLATE_SCHEMA',
  },
  {
    what: 'a permission that nothing uses',
    file: EBOOK,
    instead: 'owners: [docs-team]',
    write: 'owners: [docs-team]\npermissions: [«http:read»]',
    code: 'TEMPLATE_PERMISSION_UNUSED',
    severity: 'warning',
  },
  {
    what: 'a pattern of an input that can hang',
    file: EBOOK,
    instead: "'^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'",
    write: '«"^(a+)+$"»',
    code: 'SCHEMA_UNSAFE_PATTERN',
  },
  {
    what: 'a need of a stage that is not there',
    file: EBOOK,
    instead: 'name: Chapters',
    write: 'name: Chapters\n    needs: [«outlines»]',
    code: 'TEMPLATE_UNKNOWN_STAGE',
  },
  {
    what: 'an output that the contract does not have',
    file: EBOOK,
    instead: 'stages.discovery.output.keywords }}',
    write: 'stages.discovery.output.«keyword» }}',
    code: 'TEMPLATE_OUTPUT_PATH',
  },
  {
    what: 'an input that is not declared',
    file: EBOOK,
    instead: 'language: ${{ inputs.language }}',
    write: 'language: ${{ inputs.«langage» }}',
    code: 'TEMPLATE_INPUT_UNKNOWN',
  },
  {
    what: 'a function that does not exist',
    file: EBOOK,
    instead: 'subtitle: ${{ stages.discovery.output.subtitle }}',
    write: 'subtitle: ${{ «shout»(stages.discovery.output.subtitle) }}',
    code: 'EXPRESSION_FUNCTION_UNKNOWN',
  },
  {
    what: 'a list over an unknown stage',
    file: EBOOK,
    instead: 'forEach: ${{ stages.outline.output.chapters }}',
    write: 'forEach: ${{ stages.«outlin».output.chapters }}',
    code: 'TEMPLATE_UNKNOWN_STAGE',
  },
  {
    what: 'a prompt variable that nobody declares',
    file: `${PROMPTS}/discovery.hbs`,
    instead: '{{inputs.audience}}',
    write: '{{«inputs.readers»}}',
    code: 'PROMPT_VAR_UNKNOWN',
  },
  {
    what: 'a helper that does not exist',
    file: `${PROMPTS}/chapter.hbs`,
    instead: '{{inc index}}',
    write: '{{«increment» index}}',
    code: 'PROMPT_HELPER_UNKNOWN',
  },
  {
    what: 'a partial that is missing',
    file: `${PROMPTS}/outline.hbs`,
    instead: '{{> house-style}}',
    write: '{{> «house-stile»}}',
    code: 'PROMPT_PARTIAL_FORBIDDEN',
  },
  {
    what: 'a keyword that JSON Schema does not have',
    file: 'templates/ebook/schemas/chapter.json',
    instead: '"minLength": 200',
    write: '«"minimumLength"»: 200',
    code: 'SCHEMA_INVALID',
  },
  {
    what: 'an action that no plugin has',
    file: MANUSCRIPT,
    instead: 'uses: ebook/import-markdown',
    write: 'uses: «ebook/import-marcdown»',
    code: 'TEMPLATE_UNKNOWN_ACTION',
  },
  {
    what: 'a prompt file that is missing',
    file: MANUSCRIPT,
    instead: 'prompt: prompts/frontmatter.hbs',
    write: 'prompt: «prompts/frontmater.hbs»',
    code: 'TEMPLATE_FILE_MISSING',
  },
  {
    what: 'a reference to another host',
    file: 'templates/manuscript/schemas/frontmatter.json',
    instead: '{ "type": "string", "minLength": 2, "maxLength": 60 }',
    write: '{ "$ref": «"https://example.org/word.json"» }',
    code: 'SCHEMA_REMOTE_REF',
  },
  {
    what: 'a key that is there twice',
    file: MANUSCRIPT,
    instead: 'title: Manuscript to book',
    write: 'title: Manuscript to book\n«title»: Manuscript',
    code: 'TEMPLATE_YAML_INVALID',
  },
];

interface Place {
  file: string;
  line: number;
  column: number;
  code: string;
  severity: string;
}

/** Plants every fault in the folder, and says from the planted text alone what must be found. */
function plant(folder: string): Place[] {
  for (const { what, file, instead, write } of FAULTS) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (text.split(instead).length !== 2)
      throw new Error(`"${instead}" must stand once in ${file} for ${what}.`);
    writeFileSync(
      join(folder, file),
      text.replace(instead, () => unmarked(write)),
    );
  }
  return FAULTS.map(({ file, write, code, severity }) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const offset = text.indexOf(unmarked(write)) + write.indexOf('«');
    const before = text.slice(0, offset).split('\n');
    return {
      file,
      line: before.length,
      column: (before.at(-1) ?? '').length + 1,
      code,
      severity: severity ?? 'error',
    };
  }).sort(byPlace);
}

const unmarked = (text: string): string => text.replace('«', '').replace('»', '');
const byPlace = (a: Place, b: Place): number =>
  a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column;
const placeOf = ({ file, line, column, code, severity }: Finding): Place => ({
  file,
  line,
  column,
  code,
  severity,
});
const places = (findings: Finding[]): Place[] => findings.map(placeOf).sort(byPlace);

interface CheckAnswer {
  ok: boolean;
  checked: string[];
  findings: Finding[];
}

describe('twenty faults planted in a copy of the shipped registry', () => {
  let folder: string;
  let expected: Place[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stagewright-faults-'));
    cpSync(join(ROOT, 'registry'), folder, { recursive: true });
    expected = plant(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are twenty, each in another place', () => {
    expect(new Set(expected.map(({ file, line, column }) => `${file}:${line}:${column}`)).size).toBe(20);
  });

  it('are found by check: each with its file, line, column and code, and nothing else', async () => {
    const { code, stdout } = await stagewright(['check', folder, '--json']);
    const answer = JSON.parse(stdout) as CheckAnswer;
    expect(places(answer.findings)).toEqual(expected);
    expect(answer.ok).toBe(false);
    expect(code).toBe(1);
    for (const { message } of answer.findings) expect(message).not.toBe('');
  });

  it('are shown to people with the line they are in', async () => {
    const { code, stdout } = await stagewright(['check', folder]);
    expect(code).toBe(1);
    for (const { file, line, column, code: fault } of expected) {
      expect(stdout).toContain(`${file}:${line}:${column}`);
      expect(stdout).toContain(fault);
    }
  });

  it('are not in the original: it passes', async () => {
    const { code, stdout } = await stagewright(['check', join(ROOT, 'registry'), '--json']);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      checked: ['ebook', 'manuscript', 'website'],
      findings: [],
    });
    expect(code).toBe(0);
  });

  describe('and published as a Git registry', () => {
    let registry: GitRegistry;
    let place: Installation;
    beforeAll(async () => {
      registry = makeGitRegistry({ copyOf: folder });
      registry.publish('Twenty faults');
      place = await install({ REGISTRY_URL: registry.url });
    });
    afterAll(async () => {
      await place.remove();
      registry.remove();
    });

    it('are the same findings, word for word, from the server', async () => {
      const server = await place.start();
      const { body } = await apiOf(server).get<{ findings: Finding[]; templates: unknown[] }>('/registry');
      const check = JSON.parse(
        (await stagewright(['check', registry.folder, '--json'])).stdout,
      ) as CheckAnswer;
      expect(body.findings).toEqual(check.findings);
      expect(places(body.findings)).toEqual(expected);
      // The one that no fault was planted in.
      expect(body.templates).toMatchObject([{ name: 'website', broken: false }]);
    });
  });
});
