import { stringify } from 'yaml';
import type { Finding } from '../errors/finding.ts';
import type { JsonObject } from '../vocabulary.ts';
import { decode, readSource } from './source/read-source.ts';
import { Report } from './source/report.ts';
import { child } from './source/source-node.ts';
import { isHidden, pathKey, workingPathFault } from './working-path.ts';

/** Files of one template that may be sent, beside `template.yaml`. */
export const MOST_SUBMITTED_FILES = 200;
const DEFINITION = 'template.yaml';
const EDITOR_LINE = '# yaml-language-server: $schema=../../schema/template.v1.schema.json\n';

/** A template that was given as JSON, as a file that people can go on with. */
export function templateText(template: JsonObject): string {
  return EDITOR_LINE + stringify(template, { aliasDuplicateObjects: false, lineWidth: 120 });
}

/** What a template calls itself; null when that cannot be told. Never throws. */
export function templateNameIn(text: string): string | null {
  const root = readSource(DEFINITION, new TextEncoder().encode(text), new Report());
  const name = root === null ? undefined : child(root, 'name')?.value;
  return typeof name === 'string' ? name : null;
}

/**
 * Checks the files that somebody sends for a template before anything is done with them: a plain relative path that means
 * the same everywhere, text in UTF-8, of bounded size. `files` are by their path in the template's folder.
 */
export function checkSubmittedFiles(folder: string, files: ReadonlyMap<string, string>): Finding[] {
  const report = new Report();
  if (files.size > MOST_SUBMITTED_FILES) {
    const message = `A template may be sent with ${MOST_SUBMITTED_FILES} files, not with ${files.size}.`;
    report.put(
      at(`${folder}/${DEFINITION}`, {
        code: 'TEMPLATE_TOO_LARGE',
        message,
        hint: 'Commit large templates with Git.',
      }),
    );
    return report.sorted();
  }
  const seen = new Set([DEFINITION]);
  for (const [path, text] of files) {
    const fault =
      pathFault(path) ?? (seen.has(pathKey(path)) ? 'is there already, in another spelling' : null);
    seen.add(pathKey(path));
    if (fault === null) checkText(`${folder}/${path}`, text, report);
    else report.put(at(`${folder}/${path}`, forbidden(path, fault)));
  }
  return report.sorted();
}

/** Why a path cannot be that of a file of a template, as the end of a sentence; null when it can. */
function pathFault(path: string): string | null {
  const fault = workingPathFault(path);
  if (fault !== null) return fault.replace('the working folder', "the template's folder");
  return isHidden(path) ? 'must not be hidden' : null;
}

/** Half a surrogate pair cannot be written down: it would become another character on the way. */
function checkText(path: string, text: string, report: Report): void {
  if (/\p{Cs}/u.test(text)) {
    report.put(at(path, { code: 'TEMPLATE_ENCODING', message: 'The text is not well-formed Unicode.' }));
    return;
  }
  decode(path, new TextEncoder().encode(text), report);
}

function forbidden(path: string, fault: string): Pick<Finding, 'code' | 'message' | 'hint'> {
  return {
    code: 'PATH_FORBIDDEN',
    message: `The path "${path.slice(0, 100)}" ${fault}.`,
    hint: 'Use a plain relative path, such as prompts/outline.hbs.',
  };
}

/** The name of a file is as foreign as its text: what cannot be seen in it is shown. */
function at(path: string, fault: Pick<Finding, 'code' | 'message' | 'hint'>): Finding {
  const file = path.slice(0, 300).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
  return { ...fault, severity: 'error', file, line: 1, column: 1 };
}
