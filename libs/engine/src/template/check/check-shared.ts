import type { Finding } from '../../errors/finding.ts';
import type { RegistryFiles } from '../registry-files.ts';
import { EXTENDS_PATTERN } from '../schema/fragments.ts';
import { promptNames, readSharedPrompt } from '../shared-prompt.ts';
import { readSource } from '../source/read-source.ts';
import { Report } from '../source/report.ts';
import { checkShape } from './check-shape.ts';

const STAGE_NAME = new RegExp(EXTENDS_PATTERN);

/**
 * Checks what templates share, also what none uses yet: reusable stages against the format, prompts for their syntax,
 * their front matter and their partials. What they refer to can only be told where they are used.
 */
export function checkShared(files: RegistryFiles): Finding[] {
  const prompts = promptNames(files).flatMap((name) => readSharedPrompt(files, name)?.findings ?? []);
  return [...checkStageFiles(files), ...prompts];
}

function checkStageFiles(files: RegistryFiles): Finding[] {
  return files
    .list('stages/')
    .filter((path) => path.endsWith('.yaml') && STAGE_NAME.test(path.slice(0, -'.yaml'.length)))
    .flatMap((path) => {
      const report = new Report();
      const root = readSource(path, files.read(path) ?? new Uint8Array(), report);
      if (root !== null) checkShape(root, 'stageFile', report);
      return report.sorted();
    });
}
