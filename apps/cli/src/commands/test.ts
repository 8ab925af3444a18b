import { resolve } from 'node:path';
import type { Command } from 'commander';
import { needsRecord } from '../cli.errors.ts';
import type { ReplayReport } from '../registry/replay-folder.ts';
import type { UpdatedFile } from '../registry/update-folder.ts';
import { renderFinding } from '../render/findings.ts';
import { print, printJson } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { collect, serverUrl } from './option-values.ts';
import { recordTest } from './record-test.ts';
import type { RecordOptions } from './record-test.ts';

interface TestOptions extends RecordOptions {
  record?: boolean;
  update?: boolean;
  coverage?: boolean;
  requireCoverage?: boolean;
}

/** `stagewright test [path]`: replays the recorded cases of a registry or of one template. No model, no key. Exit 1 when one fails. */
export function registerTest(program: Command, terminal: Terminal): void {
  program
    .command('test')
    .description('replay the recorded cases of a registry, or of one of its templates')
    .argument(
      '[path]',
      'folder of a registry or of a template, or one case; with --record a template or a case',
      '.',
    )
    .option('--update', 'rewrite the values that failing cases state to what their runs give now')
    .option('--coverage', 'list the stages, branches and gates that no case reaches')
    .option('--require-coverage', 'exit with 1 when no case reaches one of them')
    .option('--record', 'run the template and make a case of the run; of a case, record its answers again')
    .option(
      '-i, --input <name=value>',
      'with --record: an input; name=@path reads a file (repeatable)',
      collect,
    )
    .option('--inputs <file>', 'with --record: inputs from a YAML or JSON file; - reads standard input')
    .option('--title <text>', 'with --record: what the case shows')
    .option('--approve', 'with --record: approve every gate without asking')
    .option('--server <url>', 'with --record: run on this server', serverUrl)
    .option('--registry <path>', 'with --record: folder of the registry that gets the case')
    .option('--out <file>', 'with --record: the file; default is one among the tests of the template')
    .option('--force', 'with --record: overwrite the file when it is there')
    .option('--json', 'print the results as JSON')
    .action(async (path: string, options: TestOptions) => {
      if (options.record === true) {
        await recordTest(terminal, path === '.' ? undefined : path, options);
        return;
      }
      refuseRecordOptions(options);
      const { report, updated } = await replayed(resolve(terminal.cwd, path), options);
      const failed = report.findings.length > 0 || report.cases.some(({ passed }) => !passed);
      const isMissing =
        options.requireCoverage === true && report.coverage.some(({ missed }) => missed.length > 0);
      const ok = !failed && !isMissing;
      if (options.json === true) printJson(terminal, { ok, ...(await inJson(report)), updated });
      else await printReport(terminal, { report, updated, options });
      if (!ok) terminal.exitCode = 1;
    });
}

function refuseRecordOptions(options: TestOptions): void {
  const { input, inputs, title, approve, server, registry, out, force } = options;
  const given = Object.entries({ input, inputs, title, approve, server, registry, out, force });
  const [first] = given.filter(([, value]) => value !== undefined);
  if (first !== undefined) throw needsRecord(`--${first[0]}`);
}

async function replayed(
  path: string,
  { update }: TestOptions,
): Promise<{ report: ReplayReport; updated: UpdatedFile[] }> {
  if (update === true) return await (await import('../registry/update-folder.ts')).updateFolder(path);
  const { replayFolder } = await import('../registry/replay-folder.ts');
  return { report: await replayFolder(path), updated: [] };
}

async function printReport(
  terminal: Terminal,
  { report, updated, options }: { report: ReplayReport; updated: UpdatedFile[]; options: TestOptions },
): Promise<void> {
  const { renderCase, renderCoverage } = await import('../render/replay-report.ts');
  const { findings, cases, coverage } = report;
  for (const finding of findings) print(terminal, `${renderFinding(finding)}\n`);
  for (const result of cases) print(terminal, renderCase(result));
  for (const { path, changed } of updated) print(terminal, `updated ${path}: ${changed.join(', ')}`);
  const list = options.coverage === true || options.requireCoverage === true;
  if (coverage.length > 0) print(terminal, `\n${renderCoverage(coverage, list)}\n`);
  const passed = cases.filter((result) => result.passed).length;
  print(
    terminal,
    `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}: ${passed} passed, ${cases.length - passed} failed.`,
  );
}

async function inJson({ findings, cases, coverage }: ReplayReport): Promise<Record<string, unknown>> {
  const { caseInJson } = await import('../render/replay-report.ts');
  return { findings, cases: cases.map(caseInJson), coverage };
}
