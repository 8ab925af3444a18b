import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Json } from '../../vocabulary.ts';
import type { ActionCatalog, ActionFacts } from '../catalog.ts';
import { compileTemplate } from '../compile-template.ts';
import type { Plan } from '../plan.ts';
import { filesFromMap } from '../registry-files.ts';
import { diffPlans } from './diff-plans.ts';

const testdata = new URL('../testdata/', import.meta.url);
const facts = JSON.parse(readFileSync(new URL('catalog.json', testdata), 'utf8')) as {
  workflowTypes: string[];
  actions: ActionFacts[];
};
const catalog: ActionCatalog = {
  action: (id) => facts.actions.find((action) => action.id === id),
  actions: () => facts.actions,
  workflowTypes: () => facts.workflowTypes,
};

const plans = readdirSync(new URL('valid/', testdata)).map((name) => {
  const golden = parse(readFileSync(new URL(`valid/${name}`, testdata), 'utf8')) as {
    template: string;
    files?: Record<string, string>;
  };
  const files = new Map([
    ['templates/t/prompts/ask.hbs', 'Write about {{inputs.topic}}.\n'],
    ['templates/t/prompts/plain.hbs', 'Write.\n'],
    ...Object.entries(golden.files ?? {}),
    ['templates/t/template.yaml', golden.template],
  ]);
  const { plan } = compileTemplate(filesFromMap(files), 't', catalog);
  if (plan === null) throw new Error(`${name} does not compile`);
  return plan;
});

/** What says nothing of what a run does: it follows from the rest, or is compared by itself. */
const FOLLOWS =
  /^\.(name|version|digest|files)\b|\.sequence$|\.kind$|\.(prompt|system|repair)\.path$|^\.stages\.\d+\.(id|mode)$/;

/** Paths of all plain values. */
function leaves(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, [...path, key]));
}

/** Something for every key that may be null. */
const INSTEAD_OF_NULL: Record<string, Json> = {
  approval: {
    approvers: [],
    quorum: 1,
    selfApproval: true,
    deadlineMs: null,
    onDeadline: null,
    maxAttempts: 5,
  },
  budget: { usd: 1, onExceed: 'ask' },
  forEach: { source: 'inputs.list', as: 'item', concurrency: 4 },
  output: { type: 'string' },
  system: { path: 'a.hbs', source: 'a', partials: {} },
  repair: { path: 'a.hbs', source: 'a', partials: {} },
  temperature: 1,
  maxTokens: 1,
  deadlineMs: 1,
};

function edited(plan: Plan, path: string[]): Plan {
  const copy = structuredClone(plan);
  let owner = copy as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) owner = owner[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const old = owner[last];
  if (old === null) owner[last] = INSTEAD_OF_NULL[last] ?? 'x';
  else
    owner[last] = typeof old === 'number' ? old + 1 : typeof old === 'boolean' ? !old : `${old as string}x`;
  return copy;
}

const places = plans.flatMap((plan) =>
  leaves(plan as unknown as Json)
    .filter((path) => !FOLLOWS.test(`.${path.join('.')}`))
    // The form of a person is its contract as well: one cannot change without the other.
    .filter(
      (path) =>
        !(path[0] === 'stages' && path[2] === 'output' && plan.stages[Number(path[1])]?.mode === 'manual'),
    )
    .map((path) => ({ plan, path })),
);

describe('the difference of two plans', () => {
  it.each(plans.map((plan) => [plan.title, plan] as const))(
    'is nothing between "%s" and itself',
    (_title, plan) => {
      const copy = JSON.parse(JSON.stringify(plan)) as Plan;
      expect(diffPlans(plan, copy)).toMatchObject({ changes: [], required: null, files: [] });
      expect(diffPlans(plan, copy).version.enough).toBe(true);
    },
  );

  it('is told whatever a plan says, wherever it is different', () => {
    expect(places.length).toBeGreaterThan(500);
    const untold = places.filter(({ plan, path }) => diffPlans(plan, edited(plan, path)).required === null);
    expect(untold.map(({ plan, path }) => `${plan.title}: ${path.join('.')}`)).toEqual([]);
  });

  it('is told of any two plans, without end or fault', () => {
    fc.assert(
      fc.property(fc.constantFrom(...plans), fc.constantFrom(...plans), (before, after) => {
        const { changes } = diffPlans(before, after);
        expect(changes.length === 0).toBe(before.digest === after.digest);
        for (const { summary, path } of changes) {
          expect(summary).toMatch(/\S/);
          expect(summary).not.toContain('undefined');
          expect(path).toMatch(/\S/);
        }
      }),
      { numRuns: 200 },
    );
  });
});
