/** The validators that books are held against: outside programs, where the machine has them. */
import { execFile, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll } from '@jest/globals';
import { EpubcheckService } from './epubcheck/epubcheck-service.ts';

const run = promisify(execFile);
const has = (command: string, flag: string) => spawnSync(command, [flag]).error === undefined;

export const tools = {
  /** A JDK: the source of the service beside this is compiled when it starts. */
  java: spawnSync('java', ['--describe-module', 'jdk.compiler']).status === 0,
  qpdf: has('qpdf', '--version'),
  pdfinfo: has('pdfinfo', '-v'),
};
if (process.env['REQUIRE_VALIDATORS'] === '1' && Object.values(tools).includes(false)) {
  throw new Error(`Validators are missing: ${JSON.stringify(tools)}. Install a JDK, qpdf and poppler-utils.`);
}
let epubcheck: EpubcheckService | undefined;
afterAll(async () => {
  await epubcheck?.end();
}, 120_000);

/** What epubcheck has to say of a file: nothing, for a sound one. All books of a spec file share a JVM. */
export async function epubFaults(file: string): Promise<string[]> {
  epubcheck ??= new EpubcheckService();
  const { code, said } = await epubcheck.check(file);
  const faults = said.match(/^(?:ERROR|WARNING|FATAL).*/gm) ?? [];
  return code === 0 || faults.length > 0 ? faults : [`FATAL: epubcheck ended with ${code}: ${said}`];
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
