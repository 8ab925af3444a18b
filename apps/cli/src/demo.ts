/**
 * `npm run demo`: from two templates to four files, on nothing but this machine. Starts a server on its embedded defaults, makes a book from a topic
 * and one from the handbook, sends one outline back, approves, and writes the files to out/demo.
 */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@stagewright/client';
import type { RunView } from '@stagewright/engine';
import { createServer } from '@stagewright/server';
import { colours } from './render/colours.ts';
import { resultFiles, saveArtifacts } from './artifact-files.ts';
import { approveAll, followRun } from './follow-run.ts';
import type { RunHost } from './hosts/run-host.ts';
import { createServerHost } from './hosts/server-host.ts';
import { readGivenInputs } from './inputs/given-inputs.ts';
import { renderSummary } from './render/run-summary.ts';
import { size } from './render/format.ts';
import { print } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const OUT = join(ROOT, 'out/demo');
const REMARK = 'Begin with where the hive stands, and leave the history out.';

interface DemoRun {
  title: string;
  template: string;
  inputs: string[];
  /** Names of the files in out/demo, without ending. */
  name: string;
  decide(reviewer: Reviewer, run: RunView): Promise<boolean>;
}

interface Reviewer {
  host: RunHost;
  terminal: Terminal;
}

const RUNS: DemoRun[] = [
  {
    title: 'A book from a topic: the first outline is sent back, the second approved',
    template: 'ebook',
    inputs: [
      'topic=Keeping bees in a small garden',
      'audience=beginners with a small garden',
      'chapters=4',
      'author=Stagewright demo',
    ],
    name: 'ebook',
    decide: sendBackOnce,
  },
  {
    title: 'A book from a manuscript: the handbook in docs/handbook',
    template: 'manuscript',
    inputs: [`manuscript=@${join(ROOT, 'docs/handbook')}`, 'audience=people who run content workflows'],
    name: 'handbook',
    decide: approve,
  },
];

async function sendBackOnce(reviewer: Reviewer, run: RunView): Promise<boolean> {
  const [wait] = run.waitingFor;
  if (wait?.kind !== 'approval' || wait.round > 1) return approve(reviewer, run);
  print(reviewer.terminal, colours.yellow(`The reviewer requests changes: "${REMARK}"`));
  await reviewer.host.send(run.id, {
    type: 'request-changes',
    stage: wait.stage,
    round: wait.round,
    comments: [{ body: REMARK }],
  });
  return true;
}

async function approve({ host, terminal }: Reviewer, run: RunView): Promise<boolean> {
  print(terminal, colours.green('The reviewer approves.'));
  return approveAll(host, run);
}

async function main(terminal: Terminal): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stagewright-demo-'));
  const server = await createServer({ environment: { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' } });
  print(terminal, `Server at ${server.url}, embedded database, offline provider.`);
  try {
    await mkdir(OUT, { recursive: true });
    const host = createServerHost(createClient({ baseUrl: server.url, token: server.token }));
    for (const run of RUNS) await demonstrate(terminal, host, run);
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  print(terminal, `\nServer stopped. The files are in ${OUT}`);
}

async function demonstrate(terminal: Terminal, host: RunHost, demo: DemoRun): Promise<void> {
  print(terminal, `\n${colours.bold(demo.title)}`);
  const schema = await host.inputsOf(demo.template);
  const given = readGivenInputs(demo.inputs, {}, schema, ROOT);
  for (const file of given.uploads) given.values[file.input] = (await host.upload(file)).artifact;
  const run = await host.create({ template: demo.template, inputs: given.values });
  const ended = await followRun(terminal, host, run, {
    decide: (present) => demo.decide({ host, terminal }, present),
    wait: false,
    quiet: false,
  });
  print(terminal, `\n${renderSummary(ended)}`);
  if (ended.state !== 'done') throw new Error(`The run ended as ${ended.state}.`);
  await saveFiles(terminal, host, ended, demo.name);
}

async function saveFiles(terminal: Terminal, host: RunHost, run: RunView, name: string): Promise<void> {
  for (const { path } of await saveArtifacts(host, resultFiles(run), OUT)) {
    const file = run.artifacts.findLast((one) => one.name === basename(path));
    const target = join(OUT, `${name}.${path.split('.').at(-1) ?? ''}`);
    await rename(path, target);
    print(terminal, `  out/demo/${basename(target)}  ${size(file?.size ?? 0)}  sha256 ${file?.digest ?? ''}`);
  }
}

await main({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: new AbortController().signal,
  exitCode: 0,
});
