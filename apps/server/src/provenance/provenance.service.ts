import { readFileSync } from 'node:fs';

import { Injectable } from '@nestjs/common';
import { canonicalJson, provenanceOf } from '@stagewright/engine';
import type { ArtifactId, Json, ProvenanceStatement } from '@stagewright/engine';

import { StoredArtifacts } from '../artifacts/stored-artifacts.ts';
import type { Principal } from '../auth/principal.ts';
import { RunsService } from '../runs/runs.service.ts';
import { provenanceNotFound } from './provenance.errors.ts';
import { SigningKey } from './signing-key.ts';
import type { Envelope, PublicKey } from './signing-key.ts';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const MANIFEST = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string };

/** How files came to be, as a statement that can go with them. */
@Injectable()
export class ProvenanceService {
  constructor(
    private readonly artifacts: StoredArtifacts,
    private readonly runs: RunsService,
    private readonly signingKey: SigningKey,
  ) {}

  /** Throws `ARTIFACT_NOT_FOUND`, for another workspace's artifact too, and `PROVENANCE_NOT_FOUND` for an upload. */
  async statement(principal: Principal, id: ArtifactId): Promise<ProvenanceStatement> {
    const artifact = await this.artifacts.find(principal.workspace, id);
    if (artifact.run === null) throw provenanceNotFound(id);
    const { id: run, ...origin } = artifact.run;
    const { entries, answerers } = await this.runs.history(principal, run);
    const answered = new Map(answerers.map((answer) => [`${answer.task} ${answer.attempt}`, answer]));
    return provenanceOf({
      artifact,
      origin,
      run,
      entries,
      answeredBy: (task, attempt) => answered.get(`${task} ${attempt}`),
      version,
    });
  }

  /** The statement's canonical JSON, signed. */
  async signed(principal: Principal, id: ArtifactId): Promise<Envelope> {
    const statement = await this.statement(principal, id);
    return this.signingKey.envelope(PAYLOAD_TYPE, canonicalJson(statement as unknown as Json));
  }

  key(): PublicKey {
    return this.signingKey.public;
  }
}
