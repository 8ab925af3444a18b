/** Template files that want to hurt whoever reads them, each with a harmless twin that must pass. All are called `t`. */
const HEAD = 'apiVersion: stagewright/v1\nname: t\ntype: ebook\nversion: 1.0.0\n';
const STAGE = '  - id: a\n    mode: ai\n    prompt: prompts/a.hbs\n';
export const good = (extra = '', stages = STAGE): string => `${HEAD}${extra}stages:\n${stages}`;
const stages = (count: number): string =>
  Array.from({ length: count }, (_, index) => STAGE.replace('id: a', `id: a${index}`)).join('');

function laughs(): string {
  const first = `a: &a [${Array.from({ length: 9 }, () => '"x"').join(', ')}]\n`;
  const names = 'abcdefghi'.split('');
  const rest = names
    .slice(1)
    .map(
      (name, index) =>
        `${name}: &${name} [${Array.from({ length: 9 }, () => `*${names[index]}`).join(', ')}]\n`,
    );
  return first + rest.join('');
}

const utf16 = (text: string): Uint8Array =>
  new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
const withByte = (text: string, byte: number): Uint8Array =>
  new Uint8Array(Buffer.concat([Buffer.from(text), Buffer.from([byte])]));

/** A row of the fault catalogue. */
export interface HostileTemplate {
  id: string;
  what: string;
  bad: string | Uint8Array;
  code: string;
  /** Line of the first finding of that code. */
  line: number;
  says?: RegExp;
  twin: string | Uint8Array;
}

export const HOSTILE_TEMPLATES: HostileTemplate[] = [
  {
    id: 'Y01',
    what: 'aliases that multiply',
    bad: HEAD + laughs() + `stages:\n${STAGE}`,
    code: 'TEMPLATE_YAML_ALIAS',
    line: 5,
    twin: good('description: "a & b * c"\n'),
  },
  {
    id: 'Y02',
    what: 'a merge list that multiplies',
    bad: `a: &a {${Array.from({ length: 2000 }, (_, index) => `k${index}: 1`).join(', ')}}\nb: {<<: [${Array.from({ length: 3000 }, () => '*a').join(', ')}]}\n`,
    code: 'TEMPLATE_YAML_ALIAS',
    line: 1,
    twin: good('labels: {a: "<<"}\n'),
  },
  {
    id: 'Y03',
    what: 'a tag that would make a function',
    bad: good('description: !!js/function "function(){return process.env}"\n'),
    code: 'TEMPLATE_YAML_TAG',
    line: 5,
    twin: good('description: "!!js/function"\n'),
  },
  {
    id: 'Y04',
    what: 'the prototype as a key at the root',
    bad: good('__proto__: {admin: true}\n'),
    code: 'TEMPLATE_KEY_FORBIDDEN',
    line: 5,
    twin: good('labels: {proto: "admin"}\n'),
  },
  {
    id: 'Y04',
    what: 'the prototype as a nested key',
    bad: good('inputs:\n  type: object\n  properties:\n    __proto__: {default: {admin: true}}\n'),
    code: 'TEMPLATE_KEY_FORBIDDEN',
    line: 8,
    twin: good('inputs:\n  type: object\n  properties:\n    proto: {type: string}\n'),
  },
  {
    id: 'Y05',
    what: 'the prototype through a merge',
    bad: good('labels: &a {x: "1"}\ndefaults: {<<: *a}\n'),
    code: 'TEMPLATE_YAML_ALIAS',
    line: 5,
    twin: good('labels: {x: "1"}\n'),
  },
  {
    id: 'Y06',
    what: 'a key twice',
    bad: `name: t\nname: evil\n${HEAD.replace('name: t\n', '')}stages:\n${STAGE}`,
    code: 'TEMPLATE_YAML_INVALID',
    line: 2,
    says: /line 2/,
    twin: good(),
  },
  {
    id: 'Y07',
    what: 'a second document',
    bad: `${good()}---\nid: b\n`,
    code: 'TEMPLATE_YAML_INVALID',
    line: 9,
    twin: `---\n${good()}...\n`,
  },
  {
    id: 'Y08',
    what: 'five megabytes',
    bad: good() + '#'.repeat(5_000_000),
    code: 'TEMPLATE_TOO_LARGE',
    line: 1,
    twin: good() + `# ${'x'.repeat(200_000)}\n`,
  },
  {
    id: 'Y09',
    what: 'no stages',
    bad: `${HEAD}stages: []\n`,
    code: 'TEMPLATE_SCHEMA',
    line: 5,
    says: /at least 1/,
    twin: good(),
  },
  {
    id: 'Y09',
    what: 'a stage too many, and thousands',
    bad: good('', Array.from({ length: 10_001 }, (_, index) => `  - id: a${index}\n`).join('')),
    code: 'TEMPLATE_SCHEMA',
    line: 6,
    says: /at most 200/,
    twin: good('', stages(200)),
  },
  {
    id: 'Y09',
    what: 'a stage id twice',
    bad: good('', STAGE + STAGE),
    code: 'TEMPLATE_SCHEMA',
    line: 9,
    says: /already used/,
    twin: good('', stages(2)),
  },
  {
    id: 'Y09',
    what: 'a need of an unknown stage',
    bad: good('', `${STAGE}    needs: [nobody]\n`),
    code: 'TEMPLATE_UNKNOWN_STAGE',
    line: 9,
    twin: good('', `${stages(2)}    needs: [a0]\n`),
  },
  {
    id: 'Y09',
    what: 'a cycle',
    bad: good('', `${STAGE}    needs: [b]\n${STAGE.replace('id: a', 'id: b')}    needs: [a]\n`),
    code: 'TEMPLATE_CYCLE',
    line: 13,
    twin: good('', `${STAGE}    needs: []\n${STAGE.replace('id: a', 'id: b')}    needs: [a]\n`),
  },
  {
    id: 'Y10',
    what: 'an unknown field',
    bad: good('shell: id\n'),
    code: 'TEMPLATE_SCHEMA_UNKNOWN_FIELD',
    line: 5,
    twin: good('title: id\n'),
  },
  {
    id: 'Y10',
    what: 'an unknown field deep down',
    bad: good('', `${STAGE}    retry: {attempts: 2, shell: id}\n`),
    code: 'TEMPLATE_SCHEMA_UNKNOWN_FIELD',
    line: 9,
    twin: good('', `${STAGE}    retry: {attempts: 2}\n`),
  },
  ...['1e309', '-1', '5 minutes', '.nan', '"301s"', '0s', '1e3'].map((timeout) => ({
    id: 'Y11',
    what: `the timeout ${timeout}`,
    bad: good('', `${STAGE}    timeout: ${timeout}\n`),
    code: 'TEMPLATE_SCHEMA',
    line: 9,
    twin: good('', `${STAGE}    timeout: 5m\n`),
  })),
  {
    id: 'Y11',
    what: 'a million tool calls',
    bad: good('', `${STAGE}    tools: [tool/call]\n    maxToolCalls: 1000000\n`),
    code: 'TEMPLATE_SCHEMA',
    line: 10,
    twin: good('', `${STAGE}    tools: [tool/call]\n    maxToolCalls: 100\n`),
  },
  {
    id: 'Y12',
    what: 'a byte order mark',
    bad: `\uFEFF${good()}`,
    code: 'TEMPLATE_ENCODING',
    line: 1,
    twin: good('title: Ünïcödé 📚\n'),
  },
  {
    id: 'Y12',
    what: 'UTF-16',
    bad: utf16(good()),
    code: 'TEMPLATE_ENCODING',
    line: 1,
    twin: good('title: 日本\n'),
  },
  {
    id: 'Y12',
    what: 'a byte that is not UTF-8',
    bad: withByte(good(), 0xff),
    code: 'TEMPLATE_ENCODING',
    line: 1,
    twin: withByte(good(), 0x0a),
  },
  {
    id: 'Y12',
    what: 'a control character',
    bad: good('title: "a\u0000b"\n'),
    code: 'TEMPLATE_ENCODING',
    line: 5,
    twin: good('title: "a\\tb"\n'),
  },
  {
    id: 'Y13',
    what: 'a version that YAML takes for a number',
    bad: good().replace('1.0.0', '1.10'),
    code: 'TEMPLATE_SCHEMA',
    line: 4,
    says: /"version" must be a text, but it is the number 1\.10/,
    twin: good('labels: {country: no}\n'),
  },
  {
    id: 'depth',
    what: 'a hundred thousand brackets',
    bad: '['.repeat(100_000),
    code: 'TEMPLATE_TOO_DEEP',
    line: 1,
    twin: good(),
  },
  {
    id: 'depth',
    what: 'lists in lists in one line',
    bad: `${'- '.repeat(50_000)}x`,
    code: 'TEMPLATE_TOO_DEEP',
    line: 1,
    twin: good(),
  },
  {
    id: 'depth',
    what: 'mappings in mappings',
    bad: Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    code: 'TEMPLATE_TOO_DEEP',
    line: 51,
    twin: good(),
  },
];
