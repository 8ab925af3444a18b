import type { RunView } from '../run/view.ts';
import type { Json, StageId } from '../vocabulary.ts';

/** A file that the output of a stage names. */
export interface NamedArtifact {
  artifact: string;
  name: string;
  type: string;
  mediaType: string;
  stage: StageId;
}

/** The files that the outputs of stages name, each once, under the first stage that names it. */
export function artifactsIn({ stages }: Pick<RunView, 'stages'>): NamedArtifact[] {
  const found = new Map<string, NamedArtifact>();
  for (const { id, output } of stages) collect(output, id, found);
  return [...found.values()];
}

function collect(value: Json, stage: StageId, found: Map<string, NamedArtifact>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach((item) => collect(item, stage, found));
  const { artifact, name, type, mediaType } = value;
  if (isText(artifact) && isText(name) && isText(type) && isText(mediaType)) {
    if (!found.has(artifact)) found.set(artifact, { artifact, name, type, mediaType, stage });
    return;
  }
  for (const child of Object.values(value)) collect(child, stage, found);
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}
