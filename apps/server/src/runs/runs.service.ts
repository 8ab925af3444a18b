import { Inject, Injectable } from '@nestjs/common';
import type {
  AttemptRecord,
  Engine,
  JournalEntry,
  JsonObject,
  RunId,
  RunStore,
  RunView,
  StageView,
} from '@stagewright/engine';

import { StoredArtifacts } from '../artifacts/stored-artifacts.ts';
import type { StoredArtifact } from '../artifacts/sql/find-artifacts.ts';
import type { Principal } from '../auth/principal.ts';
import { Database } from '../database/database.ts';
import { placeOf } from './dto/list-cursor.ts';
import type { AttemptsQuery, CreateRunBody, PageQuery, RunsQuery } from './dto/run-requests.dto.ts';
import { ENGINE, RUN_STORE } from './engine.tokens.ts';
import { IdempotentRequests } from './idempotent-requests.ts';
import { runNotFound } from './runs.errors.ts';
import { listAnswerers } from './sql/list-answerers.ts';
import type { Answerer } from './sql/list-answerers.ts';
import { listAttempts } from './sql/list-attempts.ts';
import { listRuns, runExists } from './sql/list-runs.ts';
import type { RunSummary } from './sql/list-runs.ts';

/** Making runs and looking at them, within the workspace of who asks. */
@Injectable()
export class RunsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    private readonly database: Database,
    private readonly requests: IdempotentRequests,
    private readonly artifactStore: StoredArtifacts,
    @Inject(RUN_STORE) private readonly store: RunStore,
  ) {}

  /** With a key, the same request again gives the same answer, also after a crash in between: one run per key. */
  create({ workspace, actor }: Principal, body: CreateRunBody, key?: string): Promise<RunView> {
    if (key === undefined) return this.engine.create(workspace, body, actor);
    const request = { route: 'POST /runs', ...body } as unknown as JsonObject;
    return this.requests.once({ workspace, key }, request, () =>
      this.engine.create(workspace, { ...body, key }, actor),
    );
  }

  list(
    { workspace }: Principal,
    query: RunsQuery,
  ): Promise<{ items: RunSummary[]; next: string | null; total: number }> {
    const after = query.after === undefined ? undefined : placeOf(query.after);
    return listRuns(this.database, workspace, { ...query, after });
  }

  get({ workspace }: Principal, id: RunId): Promise<RunView> {
    return this.engine.get(workspace, id);
  }

  async stages(principal: Principal, id: RunId): Promise<{ items: StageView[] }> {
    return { items: (await this.get(principal, id)).stages };
  }

  async attempts(principal: Principal, id: RunId, query: AttemptsQuery): Promise<{ items: AttemptRecord[] }> {
    await this.#mustExist(principal, id);
    return {
      items: await listAttempts(this.database, { workspace: principal.workspace, run: id, filter: query }),
    };
  }

  async artifacts(principal: Principal, id: RunId, query: PageQuery): Promise<{ items: StoredArtifact[] }> {
    await this.#mustExist(principal, id);
    return { items: await this.artifactStore.ofRun(principal.workspace, id, query) };
  }

  /** Everything that a run is made of: its journal, and who answered its tries. Throws `RUN_NOT_FOUND`. */
  async history(
    principal: Principal,
    id: RunId,
  ): Promise<{ entries: JournalEntry[]; answerers: Answerer[] }> {
    const stored = await this.store.load(id);
    if (stored?.workspace !== principal.workspace) throw runNotFound(id);
    const { workspace, entries } = stored;
    return { entries, answerers: await listAnswerers(this.database, { workspace, run: id, entries }) };
  }

  async #mustExist({ workspace }: Principal, id: RunId): Promise<void> {
    if (!(await runExists(this.database, workspace, id))) throw runNotFound(id);
  }
}
