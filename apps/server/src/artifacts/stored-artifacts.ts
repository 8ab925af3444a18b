import { createHash } from 'node:crypto';

import type {
  ArtifactId,
  ArtifactOrigin,
  ArtifactRef,
  ArtifactStore,
  Clock,
  Ids,
  NewArtifact,
  RunId,
} from '@stagewright/engine';

import type { Database } from '../database/database.ts';
import { refuseBadName } from './artifact-name.ts';
import { artifactDamaged, artifactNotFound } from './artifacts.errors.ts';
import type { Blob, BlobFiles } from './blob-files.ts';
import { findArtifact, findArtifactsOfRun } from './sql/find-artifacts.ts';
import type { StoredArtifact } from './sql/find-artifacts.ts';
import { insertArtifact } from './sql/insert-artifact.ts';

/** What is known of a file before its bytes come. */
export interface Incoming {
  name: string;
  type: string;
  mediaType: string;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Bytes that are accepted. */
  limit?: number;
}

/**
 * Artifacts as rows that name bytes by digest. The row comes last: what is named is whole, and a crash between the
 * two leaves bytes without a name, never a name without bytes.
 */
export class StoredArtifacts implements ArtifactStore {
  readonly #database: Database;
  readonly #blobs: BlobFiles;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(parts: { database: Database; blobs: BlobFiles; clock: Clock; ids: Ids }) {
    this.#database = parts.database;
    this.#blobs = parts.blobs;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
  }

  put(file: NewArtifact, origin: ArtifactOrigin): Promise<ArtifactRef> {
    return this.receive({ ...file, content: [file.content] }, origin);
  }

  /** As `put`, with the bytes coming in pieces. Throws `ARTIFACT_TOO_LARGE`, `DISK_FULL`. */
  async receive(file: Incoming, origin: ArtifactOrigin): Promise<ArtifactRef> {
    refuseBadName(file.name);
    const blob = await this.#blobs.write(file.content, file.limit);
    return this.#register(file, blob, origin);
  }

  async get(workspace: string, id: ArtifactId): Promise<{ ref: ArtifactRef; content: Uint8Array }> {
    const ref = refOf(await this.find(workspace, id));
    const content = await this.#blobs.read(ref.digest);
    if (content === undefined || createHash('sha256').update(content).digest('hex') !== ref.digest)
      throw artifactDamaged(id);
    return { ref, content };
  }

  /** Throws `ARTIFACT_NOT_FOUND`, for another workspace's artifact too. */
  async find(workspace: string, id: ArtifactId): Promise<StoredArtifact> {
    const found = await findArtifact(this.#database, workspace, id);
    if (found === undefined) throw artifactNotFound(id);
    return found;
  }

  /** What a run made, oldest first. */
  ofRun(workspace: string, run: RunId, page: { skip: number; limit: number }): Promise<StoredArtifact[]> {
    return findArtifactsOfRun(this.#database, { workspace, run, ...page });
  }

  /** The bytes in pieces. Throws `ARTIFACT_DAMAGED` when they are gone or of another size. */
  async stream(artifact: StoredArtifact): Promise<NodeJS.ReadableStream> {
    const file = await this.#blobs.open(artifact.digest);
    if (file === undefined) throw artifactDamaged(artifact.artifact);
    const { size } = await file.stat();
    if (size === artifact.size) return file.createReadStream();
    await file.close();
    throw artifactDamaged(artifact.artifact);
  }

  async #register(file: Incoming, blob: Blob, origin: ArtifactOrigin): Promise<ArtifactRef> {
    const ref = {
      artifact: this.#ids.next(),
      name: file.name,
      type: file.type,
      mediaType: file.mediaType,
      ...blob,
    };
    const id = await insertArtifact(this.#database, ref, origin, this.#clock.now());
    return { ...ref, artifact: id };
  }
}

function refOf({ artifact, name, type, mediaType, size, digest }: StoredArtifact): ArtifactRef {
  return { artifact, name, type, mediaType, size, digest };
}
