import { createHash } from 'node:crypto';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { NewArtifact } from '../ports/action-context.ts';
import type { ArtifactOrigin, ArtifactStore } from '../ports/artifact-store.ts';
import type { ArtifactId, ArtifactRef } from '../vocabulary.ts';

interface Stored {
  ref: ArtifactRef;
  content: Uint8Array;
  origin: ArtifactOrigin;
}

/** Artifacts in a map, with ids that follow from origin and content. */
export class MemoryArtifactStore implements ArtifactStore {
  readonly #stored = new Map<ArtifactId, Stored>();
  #uploads = 0;

  // eslint-disable-next-line @typescript-eslint/require-await -- a refusal must come as a rejection
  async put(file: NewArtifact, origin: ArtifactOrigin): Promise<ArtifactRef> {
    refuseBadName(file.name);
    const digest = createHash('sha256').update(file.content).digest('hex');
    const id = this.#idOf(file, origin, digest);
    const known = this.#stored.get(id);
    if (known !== undefined) return { ...known.ref };
    const ref = refOf(id, file, digest);
    this.#stored.set(id, { ref, content: Uint8Array.from(file.content), origin: structuredClone(origin) });
    return { ...ref };
  }

  get(workspace: string, id: ArtifactId): Promise<{ ref: ArtifactRef; content: Uint8Array }> {
    const stored = this.#stored.get(id);
    if (stored === undefined || stored.origin.workspace !== workspace)
      return Promise.reject(unknownArtifact(id));
    return Promise.resolve({ ref: { ...stored.ref }, content: Uint8Array.from(stored.content) });
  }

  /** Where an artifact came from; undefined when it is unknown. */
  origin(id: ArtifactId): ArtifactOrigin | undefined {
    return structuredClone(this.#stored.get(id)?.origin);
  }

  #idOf(file: NewArtifact, origin: ArtifactOrigin, digest: string): ArtifactId {
    if (origin.run === null) return `upload-${++this.#uploads}`;
    const { id, task, attempt } = origin.run;
    const key = JSON.stringify([origin.workspace, id, task, attempt, file.name, digest]);
    return `artifact-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
  }
}

function refOf(id: ArtifactId, file: NewArtifact, digest: string): ArtifactRef {
  const { name, type, mediaType, content } = file;
  return { artifact: id, name, type, mediaType, size: content.byteLength, digest };
}

// Control characters and the marks that turn the direction of writing: a name must look like what it is.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

function refuseBadName(name: string): void {
  if (
    /[/\\]/.test(name) ||
    name === '..' ||
    name === '.' ||
    /^[a-z]:/i.test(name) ||
    /%(2e|2f|5c|25)/i.test(name)
  ) {
    throw new StagewrightError('PATH_FORBIDDEN', `The artifact name ${JSON.stringify(name)} is a path.`, {
      hint: 'Give a bare file name, such as "book.epub".',
    });
  }
  if (name === '' || Buffer.byteLength(name) > 255 || UNPRINTABLE.test(name) || DEVICE.test(name)) {
    throw new StagewrightError(
      'NAME_INVALID',
      `The artifact name ${JSON.stringify(name.slice(0, 80))} is not valid.`,
      {
        hint: 'Use at most 255 bytes of printable characters, and no name that a system keeps for a device.',
      },
    );
  }
}

function unknownArtifact(id: ArtifactId): StagewrightError {
  return new StagewrightError(
    'ARTIFACT_NOT_FOUND',
    `There is no artifact ${JSON.stringify(id)} in this workspace.`,
    {
      hint: 'Upload the file first (POST /artifacts) and use the id that comes back.',
    },
  );
}
