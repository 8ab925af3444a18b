import type { ArtifactId, Digest, Json, JsonObject } from '../vocabulary.ts';
import type { Run } from './run.ts';

/**
 * The value with every file that the run made known by its bytes alone. A file that is made again gets another id; when its
 * bytes are the same, nothing that is built on it has changed. Ids that the run did not give are left as they are: a
 * model may have written anything.
 */
export function byContent(run: Run, value: Json): Json {
  return mayHoldFiles(value) ? withoutIds(value, digestsOfFiles(run)) : value;
}

function mayHoldFiles(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(mayHoldFiles);
  return typeof value['artifact'] === 'string' || Object.values(value).some(mayHoldFiles);
}

function digestsOfFiles(run: Run): Map<ArtifactId, Digest> {
  const tasks = Object.values(run.stages).flatMap((stage) => stage.tasks);
  const files = tasks.flatMap(({ artifacts, last }) => [...artifacts, ...(last?.artifacts ?? [])]);
  return new Map(files.map(({ artifact, digest }) => [artifact, digest]));
}

function withoutIds(value: Json, files: Map<ArtifactId, Digest>): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutIds(item, files));
  const { artifact, ...rest } = value;
  const known =
    typeof artifact === 'string' && files.has(artifact) && files.get(artifact) === value['digest'];
  const members = Object.entries(known ? rest : value).map(([name, member]): [string, Json] => [
    name,
    withoutIds(member, files),
  ]);
  return Object.fromEntries(members) satisfies JsonObject;
}
