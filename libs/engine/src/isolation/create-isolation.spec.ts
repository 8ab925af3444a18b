import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Isolation } from '../ports/isolation.ts';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
import { createIsolation } from './create-isolation.ts';

// Threads start slowly when the machine is busy; the caps themselves begin when a thread has taken a job.
jest.setTimeout(60_000);

const plan = (source: string) => ({ path: 'prompts/p.hbs', source, partials: {} });
const thirty: Json = Array.from({ length: 30 }, (_, index) => index);
const SILENT_LOOPS = '{{#each @root.a}}'.repeat(7) + '{{/each}}'.repeat(7);
const LOUD_LOOPS = '{{#each @root.a}}'.repeat(7) + 'x'.repeat(20) + '{{/each}}'.repeat(7);
const manyObjects: Json = Array.from({ length: 6000 }, (_, index) => ({
  id: index,
  name: `item ${index}`,
  tags: ['a', 'b'],
  at: { x: index, y: 0 },
}));
const NO_REPETITION: JsonSchema = { type: 'array', uniqueItems: true };
/** Harmless, but with a pattern: goes to a thread. */
const SLUG: JsonSchema = { type: 'string', pattern: '^[a-z]+$' };

const failing = async (job: Promise<unknown>): Promise<{ code?: string; message?: string }> => {
  try {
    await job;
  } catch (error) {
    return error as { code?: string; message?: string };
  }
  return { message: 'it did not fail' };
};

/** The longest time that this thread worked without running a timer, in milliseconds. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let last = workedMs();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, workedMs() - last);
    last = workedMs();
  }, 5);
  try {
    await work();
    return Math.max(longest, workedMs() - last);
  } finally {
    clearInterval(timer);
  }
}

/** Processor time of this thread: what other processes take of the machine is no block. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

let isolation: Isolation;
beforeEach(() => {
  isolation = createIsolation();
});
afterEach(() => isolation.close());

describe('what would block the process ends within its caps', () => {
  const nodes: JsonSchema = {
    $ref: '#/$defs/n',
    $defs: { n: { type: 'array', items: { $ref: '#/$defs/n' } } },
  };
  let deep: Json = [];
  for (let level = 0; level < 20_000; level += 1) deep = [deep];

  it.each<[string, string, (on: Isolation) => Promise<unknown>]>([
    [
      'B08 5,000 nested ifs',
      'PROMPT_RENDER_BUDGET',
      (on) => on.render(plan('{{#if a}}'.repeat(3500) + '{{/if}}'.repeat(3500)), { a: 1 }),
    ],
    [
      'B08 nested parentheses',
      'PROMPT_RENDER_BUDGET',
      (on) => on.render(plan(`{{not ${'(not '.repeat(6000)}a${')'.repeat(6000)}}}`), { a: 1 }),
    ],
    [
      'B09 seven loops that write',
      'PROMPT_RENDER_BUDGET',
      (on) => on.render(plan(LOUD_LOOPS), { a: thirty }),
    ],
    [
      'B09 seven loops that write nothing',
      'PROMPT_RENDER_BUDGET',
      (on) => on.render(plan(SILENT_LOOPS), { a: thirty }),
    ],
    [
      'J01 an ambiguous pattern',
      'SCHEMA_UNSAFE_PATTERN',
      (on) => on.validate({ type: 'string', pattern: '^(a|a)*$' }, `${'a'.repeat(27)}!`),
    ],
    [
      'J05 6,000 objects without repetition',
      'OUTPUT_VALIDATION_BUDGET',
      (on) => on.validate(NO_REPETITION, manyObjects),
    ],
    ['J06 20,000 deep', 'OUTPUT_INVALID', (on) => on.validate(nodes, deep)],
    [
      'branches that double at each step',
      'OUTPUT_VALIDATION_BUDGET',
      (on) => on.validate(DOUBLING, spine(60)),
    ],
  ])('%s', async (_row, code, hostile) => {
    // The thread is warm, so that only the job is measured.
    await isolation.validate(SLUG, 'a');
    let error: { code?: string } = {};
    const blocked = await longestBlock(async () => {
      error = await failing(hostile(isolation));
    });
    expect(error.code).toBe(code);
    expect(blocked).toBeLessThan(200);
    // And it works on.
    expect(await isolation.validate(SLUG, 'A')).toHaveLength(1);
    expect(await isolation.render(plan('Hi {{a}}'), { a: 'you' })).toBe('Hi you');
  });

  it('memory is capped', async () => {
    const small = createIsolation({ memoryMb: 24, timeMs: 30_000 });
    const wide: Json = Array.from({ length: 60_000 }, () => ({ a: 1, b: 2 }));
    const everyItemWrong: JsonSchema = {
      type: 'array',
      items: { anyOf: Array.from({ length: 40 }, () => ({ type: 'string', pattern: '^a$' })) },
    };
    const error = await failing(small.validate(everyItemWrong, wide));
    expect(error).toMatchObject({
      code: 'OUTPUT_VALIDATION_BUDGET',
      message: expect.stringContaining('24 MB'),
    });
    await small.close();
  });

  it('a prompt that is not text is refused', async () => {
    const tree = { type: 'Program', body: [] } as unknown as string;
    expect(await failing(isolation.render(plan(tree), {}))).toMatchObject({ code: 'TEMPLATE_SCHEMA' });
  });
});

/** Each level can be read in two ways that both fail at the end only. */
const DOUBLING: JsonSchema = {
  $ref: '#/$defs/n',
  $defs: {
    n: {
      anyOf: [
        { type: 'object', required: ['n'], properties: { n: { $ref: '#/$defs/n' }, x: { const: 1 } } },
        { type: 'object', required: ['n'], properties: { n: { $ref: '#/$defs/n' }, x: { const: 2 } } },
      ],
    },
  },
};

function spine(length: number): Json {
  let value: JsonObject = {};
  for (let level = 0; level < length; level += 1) value = { n: value, x: 3 };
  return value;
}

describe('benign twins', () => {
  it.each<[string, (on: Isolation) => Promise<unknown>, unknown]>([
    [
      'B09 a loop of loops, in a thread',
      (on) =>
        on.render(plan('{{#each @root.a}}{{#each @root.a}}{{#each @root.a}}.{{/each}}{{/each}}{{/each}}'), {
          a: thirty,
        }),
      '.'.repeat(27_000),
    ],
    ['J01 a pattern', (on) => on.validate(SLUG, 'tea'), []],
    ['J05 100 objects without repetition', (on) => on.validate(NO_REPETITION, manyObjects.slice(0, 100)), []],
    ['J06 a recursive schema', (on) => on.validate({ type: 'array', items: { $ref: '#' } }, [[], [[]]]), []],
    [
      'doubling branches, a short value',
      (on) => on.validate(DOUBLING, spine(3)).then((violations) => violations.length > 0),
      true,
    ],
  ])('%s', async (_row, job, result) => {
    expect(await job(isolation)).toEqual(result);
  });

  it('a render error raised in a thread is the same as one raised here', async () => {
    const source =
      '{{#each @root.a}}{{#each @root.a}}{{#each @root.a}}.{{/each}}{{/each}}{{/each}}\n{{gone}}';
    expect(await failing(isolation.render(plan(source), { a: thirty }))).toMatchObject({
      code: 'PROMPT_VAR_UNKNOWN',
      message: 'The variable "gone" has no value (prompts/p.hbs:2:3).',
      details: { variable: 'gone', line: 2, column: 3 },
    });
  });
});

describe('the pool', () => {
  it('keeps its threads: a hundred jobs need no hundred threads', async () => {
    const one = createIsolation({ threads: 1 });
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => one.validate(SLUG, index % 2 === 0 ? 'a' : 'A')),
    );
    expect(results.map((violations) => violations.length)).toEqual(
      Array.from({ length: 100 }, (_, index) => index % 2),
    );
    await one.close();
  });

  it('one hostile job does not take its neighbours along', async () => {
    const one = createIsolation({ threads: 1 });
    const jobs = [
      one.validate(SLUG, 'a'),
      failing(one.render(plan(SILENT_LOOPS), { a: thirty })),
      one.validate(SLUG, 'A'),
    ];
    const [before, hostile, after] = await Promise.all(jobs);
    expect(before).toEqual([]);
    expect(hostile).toMatchObject({ code: 'PROMPT_RENDER_BUDGET' });
    expect(after).toHaveLength(1);
    await one.close();
  });

  it('refuses jobs when too many wait', async () => {
    const one = createIsolation({ threads: 1, queue: 2 });
    const jobs = Array.from({ length: 4 }, () => failing(one.validate(SLUG, 'a')));
    expect((await Promise.all(jobs)).filter(({ code }) => code === 'ISOLATION_BUSY')).toHaveLength(1);
    await one.close();
  });

  it('closing ends what runs and what waits, and refuses what comes after', async () => {
    const one = createIsolation({ threads: 1, timeMs: 30_000 });
    const jobs = [failing(one.render(plan(SILENT_LOOPS), { a: thirty })), failing(one.validate(SLUG, 'a'))];
    await one.close();
    expect((await Promise.all(jobs)).map(({ code }) => code)).toEqual([
      'ISOLATION_CLOSED',
      'ISOLATION_CLOSED',
    ]);
    expect(await failing(one.render(plan('x'), {}))).toMatchObject({ code: 'ISOLATION_CLOSED' });
  });

  it('an isolation that was not closed does not keep a process alive, a job does', () => {
    const source = `
      import { createIsolation } from ${JSON.stringify(new URL('./create-isolation.ts', import.meta.url).href)};
      const isolation = createIsolation();
      const violations = await isolation.validate({ type: 'string', pattern: '^[a-z]+$' }, 'A');
      console.log(violations[0].message);
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', source], {
      timeout: 50_000,
      env: {},
      encoding: 'utf8',
    });
    expect(output).toBe('the value must match the pattern ^[a-z]+$\n');
  });
});

describe('harmless jobs stay on this thread', () => {
  // No thread may start at all: each of these would then be refused.
  const threadless = createIsolation({ threads: 0, queue: 0 });
  afterAll(() => threadless.close());

  it.each<[string, (on: Isolation) => Promise<unknown>]>([
    [
      'a prompt with a loop',
      (on) => on.render(plan('{{#each @root.a}}{{inc this}} {{/each}}'), { a: thirty }),
    ],
    [
      'a plain contract',
      (on) =>
        on.validate(
          {
            type: 'object',
            required: ['t'],
            properties: { t: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
          },
          { t: 'a' },
        ),
    ],
  ])('%s', async (_story, job) => {
    await expect(job(threadless)).resolves.toBeDefined();
  });

  it.each<[string, (on: Isolation) => Promise<unknown>]>([
    [
      'a prompt with loops in loops',
      (on) =>
        on.render(plan('{{#each @root.a}}{{#each @root.a}}{{#each @root.a}}.{{/each}}{{/each}}{{/each}}'), {
          a: thirty,
        }),
    ],
    ['a pattern', (on) => on.validate(SLUG, 'a')],
    ['names by pattern', (on) => on.validate({ patternProperties: { '^a': {} } }, {})],
    ['no repetition', (on) => on.validate(NO_REPETITION, [])],
    ['a reference', (on) => on.validate({ $ref: '#/$defs/a', $defs: { a: {} } }, 1)],
    ['a format with a long pattern', (on) => on.validate({ type: 'string', format: 'email' }, 'a@b.c')],
    [
      'a large value',
      (on) =>
        on.validate(
          { type: 'array', items: { type: 'object' } },
          Array.from({ length: 60_000 }, () => ({})),
        ),
    ],
    ['a long text', (on) => on.validate({ type: 'string', maxLength: 5 }, 'x'.repeat(3_000_000))],
  ])('%s goes to a thread', async (_story, job) => {
    expect(await failing(job(threadless))).toMatchObject({ code: 'ISOLATION_BUSY' });
  });

  it('and are bounded: the largest that stays here ends in a few milliseconds', async () => {
    const weight = Array.from({ length: 90 }, () => ({ type: 'string' }));
    const value: Json = Array.from({ length: 1000 }, () => 1);
    const schema: JsonSchema = { type: 'array', items: { anyOf: weight } };
    const job = async (): Promise<void> => void (await threadless.validate(schema, value));
    await job();
    const blocked = await longestBlock(job);
    // 100,000 steps: about 10 ms here, with the errors that ajv makes; generous for a busy machine.
    expect(blocked).toBeLessThan(200);
  });
});
