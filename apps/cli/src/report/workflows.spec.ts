import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { createProgram } from '../program.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { MARKER } from './report.ts';

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: Step[] }>;
}

const FOLDER = join(import.meta.dirname, '../../../../registry/.github/workflows');
const workflows = readdirSync(FOLDER).map((name): [string, string] => [
  name,
  readFileSync(join(FOLDER, name), 'utf8'),
]);
const read = (name: string): Workflow =>
  parse(workflows.find(([known]) => known === name)?.[1] ?? '') as Workflow;

describe.each(workflows)('the workflow %s', (_name, text) => {
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('needs no secret, and never works with the rights of the repository on files of a stranger', () => {
    expect(text).not.toMatch(/secrets\.|pull_request_target/);
    expect(Object.values(workflow.jobs).every((job) => (job['timeout-minutes'] ?? 60) <= 10)).toBe(true);
  });

  it('puts no words of a stranger into a script', () => {
    expect(steps.flatMap(({ run }) => (run?.includes('${{') === true ? [run] : []))).toEqual([]);
  });

  it('names exact versions of actions', () => {
    const uses = steps.flatMap((step) => step.uses ?? []);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^actions\/[a-z-]+@v\d+\.\d+\.\d+$/);
  });

  it('installs before anything is checked out', () => {
    for (const { steps: inOrder } of Object.values(workflow.jobs)) {
      const install = inOrder.findIndex(({ run }) => run?.startsWith('npm install') === true);
      const checkout = inOrder.findIndex(({ uses }) => uses?.startsWith('actions/checkout') === true);
      if (install >= 0) expect(install).toBeLessThan(checkout);
    }
  });

  it('calls commands as they are', () => {
    const lines = steps.flatMap(({ run }) => [
      ...(run ?? '').matchAll(/stagewright ((?:check|test|diff|report)\b[^|\n]*)/g),
    ]);
    for (const [, line = ''] of lines) {
      const [name, ...rest] = line.trim().replaceAll('"', '').split(/\s+/);
      const command = createProgram(fakeTerminal()).commands.find((one) => one.name() === name);
      const { operands, unknown } = command?.parseOptions(rest) ?? { operands: [], unknown: ['no command'] };
      expect({ line, unknown }).toEqual({ line, unknown: [] });
      expect(operands.length).toBeLessThanOrEqual(command?.registeredArguments.length ?? 0);
    }
  });
});

describe('the two together', () => {
  it('check with a token that only reads', () => {
    const workflow = read('stagewright.yml');
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.values(workflow.jobs).map((job) => job.permissions)).toEqual([undefined]);
    expect(Object.keys(workflow.on)).toContain('pull_request');
  });

  it('comment from a job that has no checkout, finds its own comment again, and can do nothing else', () => {
    const workflow = read('stagewright-comment.yml');
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs['report']?.permissions).toEqual({ contents: 'read', 'pull-requests': 'read' });
    const comment = workflow.jobs['comment'];
    expect(comment?.permissions).toEqual({ 'pull-requests': 'write' });
    expect(comment?.steps.map(({ uses }) => uses ?? 'run')).toEqual([
      'actions/download-artifact@v5.0.0',
      'run',
    ]);
    expect(comment?.steps[1]?.run).toContain(`startswith("${MARKER}")`);
  });
});
