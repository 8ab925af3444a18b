import type { Finding } from '../../errors/finding.ts';
import type { RegistryFiles } from '../registry-files.ts';
import { readSource } from '../source/read-source.ts';
import { Report } from '../source/report.ts';
import { checkShape } from './check-shape.ts';

const PATH = 'stagewright.yaml';

/**
 * Checks the manifest of a registry. A folder of templates without one is a registry too. However it is broken, the code
 * is the same: it concerns the registry, and no template of it.
 */
export function checkManifest(files: RegistryFiles): Finding[] {
  const bytes = files.read(PATH);
  if (bytes === undefined) return [];
  const report = new Report();
  const root = readSource(PATH, bytes, report);
  if (root !== null) checkShape(root, 'manifest', report);
  return report.sorted().map((finding) => ({ ...finding, code: 'REGISTRY_MANIFEST_INVALID' }));
}
