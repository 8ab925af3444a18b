import type { Finding } from '../../errors/finding.ts';
import type { RegistryFiles } from '../registry-files.ts';
import { WRITE_POLICIES } from '../schema/manifest-schema.ts';
import type { WritePolicy } from '../schema/manifest-schema.ts';
import { readSource } from '../source/read-source.ts';
import { Report } from '../source/report.ts';
import { child } from '../source/source-node.ts';
import type { SourceNode } from '../source/source-node.ts';
import { checkShape } from './check-shape.ts';

const PATH = 'stagewright.yaml';

/**
 * Checks the manifest of a registry. A folder of templates without one is a registry too. However it is broken, the code
 * is the same: it concerns the registry, and no template of it.
 */
export function checkManifest(files: RegistryFiles): Finding[] {
  return readManifest(files).findings;
}

/** What the manifest says of writes over the API; `direct` when it says nothing. Null when it cannot be told. */
export function writePolicy(files: RegistryFiles): WritePolicy | null {
  const { root, findings } = readManifest(files);
  if (findings.length > 0) return null;
  const said = root === null ? undefined : child(root, 'writes')?.value;
  return WRITE_POLICIES.find((policy) => policy === said) ?? 'direct';
}

function readManifest(files: RegistryFiles): { root: SourceNode | null; findings: Finding[] } {
  const bytes = files.read(PATH);
  if (bytes === undefined) return { root: null, findings: [] };
  const report = new Report();
  const root = readSource(PATH, bytes, report);
  if (root !== null) checkShape(root, 'manifest', report);
  const findings = report.sorted().map((finding) => ({ ...finding, code: 'REGISTRY_MANIFEST_INVALID' }));
  return { root, findings };
}
