import { isDeepStrictEqual } from 'node:util';

import { EntityManager, LockMode } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Finding, Instant, Plan } from '@stagewright/engine';

import { DEFAULT_WORKSPACE as WORKSPACE, RegistryState, Revision } from '../../database/entities/index.ts';
import type { HistoryRewrite } from '../../database/entities/index.ts';
import { CLOCK } from '../../runs/engine.tokens.ts';
import type { ConfiguredRegistry } from '../source/registry-source.ts';
import type { CheckedCommit } from './checked-commit.ts';
import { WORKTREE } from '../working/working-copy.ts';

/** Revisions that one statement writes: a plan has some 10 KB. */
const ROWS_AT_ONCE = 50;

export type ServedRevision = Pick<Revision, 'template' | 'version' | 'commit' | 'digest' | 'findings'>;

/** What the database says of the registry. Everything that a sync changes, it changes in one transaction. */
@Injectable()
export class RegistryRecords {
  constructor(
    private readonly entities: EntityManager,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  state(registry: ConfiguredRegistry): Promise<RegistryState | null> {
    return this.entities.fork().findOne(RegistryState, { workspace: WORKSPACE, url: registry.name });
  }

  /** Commit that was read last from this ref; null when none was. Another ref has another history, and says nothing of this one's. */
  async commitReadBefore(registry: ConfiguredRegistry): Promise<string | null> {
    const state = await this.state(registry);
    return state === null || state.ref !== registry.ref ? null : (state.commit ?? null);
  }

  /** Every commit that a revision is filed under. */
  async commitsOfRevisions(): Promise<string[]> {
    const rows = await this.entities.fork().find(Revision, { workspace: WORKSPACE }, { fields: ['commit'] });
    return [...new Set(rows.map(({ commit }) => commit))];
  }

  /** What serves now, by name; without the plans. */
  served(): Promise<ServedRevision[]> {
    const where = { workspace: WORKSPACE, served: true };
    const fields = ['template', 'version', 'commit', 'digest', 'findings'] as const;
    return this.entities.fork().find(Revision, where, { fields, orderBy: { template: 'asc' } });
  }

  /**
   * Keeps every good template as a revision and serves it; false, and nothing, when another server has accepted another commit since
   * `before` was served: what was read may be older than that. A broken one leaves what it served before, which from then
   * on carries the findings of its broken successor: an error among a revision's findings means just that.
   */
  async accept(
    registry: ConfiguredRegistry,
    checked: CheckedCommit,
    before: string | null,
  ): Promise<boolean> {
    const now = new Date(this.clock.now());
    return await this.entities.fork().transactional(async (em) => {
      // First, because its row lock puts two servers that sync at once in line.
      const present = await lockState(em, registry);
      if (present !== before && present !== checked.commit) return false;
      await em.upsert(RegistryState, {
        workspace: WORKSPACE,
        url: registry.name,
        ref: registry.ref,
        commit: checked.commit,
        syncedAt: now,
        findings: checked.findings,
        failure: null,
        ...(checked.rewrite === null ? {} : { rewrite: historyRewrite(checked, this.clock.now()) }),
      });
      const good = checked.templates.flatMap(({ plan, findings, commit }) =>
        plan === null ? [] : [{ plan, findings, commit }],
      );
      const broken = checked.templates.filter(({ plan }) => plan === null);
      if (checked.rewrite !== null) {
        await markLost(em, checked.rewrite.lost);
        // Content that the new history has too is now found there.
        const present = good.map(({ plan }) => plan.digest);
        const found = { workspace: WORKSPACE, lost: true, digest: { $in: present } };
        await em.nativeUpdate(Revision, found, { commit: checked.commit });
      }
      await serve(em, { good, broken, now });
      await recordCommitted(em, good);
      return true;
    });
  }

  /** A sync that found nothing new changes only when it was; false when another server has accepted another commit meanwhile. */
  async confirm(registry: ConfiguredRegistry, commit: string | null): Promise<boolean> {
    const asRead = { workspace: WORKSPACE, url: registry.name, ref: registry.ref, commit };
    const now = { syncedAt: new Date(this.clock.now()), failure: null };
    return (await this.entities.fork().nativeUpdate(RegistryState, asRead, now)) > 0;
  }

  /** A sync that did not work changes nothing but the word about it. */
  async reject(registry: ConfiguredRegistry, failure: string): Promise<void> {
    await this.entities.fork().upsert(
      RegistryState,
      { ...unread(registry), failure },
      {
        onConflictAction: 'merge',
        onConflictMergeFields: ['failure'],
      },
    );
  }
}

type GoodTemplate = { plan: Plan; findings: Finding[]; commit: string };
type BrokenTemplate = { name: string; findings: Finding[] };

/** Makes the good templates what is served, and leaves the rows of those alone that already are. */
async function serve(
  em: EntityManager,
  { good, broken, now }: { good: GoodTemplate[]; broken: BrokenTemplate[]; now: Date },
): Promise<void> {
  const before = await em.find(
    Revision,
    { workspace: WORKSPACE, served: true },
    { fields: ['template', 'digest', 'findings', 'lost'] },
  );
  const served = new Map(before.map((row) => [row.template, row]));
  const fresh = good.filter(({ plan, findings }) => {
    const row = served.get(plan.name);
    return (
      row === undefined ||
      row.digest !== plan.digest ||
      row.lost ||
      !isDeepStrictEqual(row.findings, findings)
    );
  });
  const replaced = new Set(fresh.map(({ plan }) => plan.name));
  const present = new Set([...good.map(({ plan }) => plan.name), ...broken.map(({ name }) => name)]);
  const ended = [...served.keys()].filter((name) => replaced.has(name) || !present.has(name));
  const where = { workspace: WORKSPACE, served: true };
  if (ended.length > 0)
    await em.nativeUpdate(Revision, { ...where, template: { $in: ended } }, { served: false });
  for (const { name, findings } of broken)
    await em.nativeUpdate(Revision, { ...where, template: name }, { findings });
  const rows = fresh.map(({ plan, findings, commit }) => revisionRow(plan, findings, { commit, now }));
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await em.upsertMany(Revision, rows.slice(at, at + ROWS_AT_ONCE), {
      onConflictFields: ['workspace', 'template', 'digest'],
      onConflictAction: 'merge',
      onConflictMergeFields: ['served', 'findings', 'lost'],
    });
  }
}

/** What was served from a working copy, and has been committed since, belongs to that commit from now on. */
async function recordCommitted(em: EntityManager, good: GoodTemplate[]): Promise<void> {
  const committed = good.filter(({ commit }) => !commit.startsWith(WORKTREE));
  for (const commit of new Set(committed.map((template) => template.commit))) {
    const digests = committed.filter((one) => one.commit === commit).map(({ plan }) => plan.digest);
    await em.nativeUpdate(
      Revision,
      { workspace: WORKSPACE, commit: { $like: `${WORKTREE}%` }, digest: { $in: digests } },
      { commit },
    );
  }
}

/** The row of a registry that nothing was read from yet. */
function unread({ name, ref }: ConfiguredRegistry): RegistryState {
  return {
    workspace: WORKSPACE,
    url: name,
    ref,
    commit: null,
    syncedAt: null,
    findings: [],
    rewrite: null,
    failure: null,
    reader: null,
    readerUntil: null,
    lookedAt: null,
  };
}

function historyRewrite({ rewrite, commit }: CheckedCommit, at: Instant): HistoryRewrite | null {
  return rewrite === null ? null : { from: rewrite.from, to: commit, isTag: rewrite.isTag, at };
}

/** Locks the row of the registry until the transaction ends; gives the commit that was read last from this ref. */
async function lockState(em: EntityManager, registry: ConfiguredRegistry): Promise<string | null> {
  const fresh = unread(registry);
  await em.upsert(RegistryState, fresh, { onConflictAction: 'ignore' });
  const { workspace, url } = fresh;
  const state = await em.findOneOrFail(
    RegistryState,
    { workspace, url },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  return state.ref === registry.ref ? (state.commit ?? null) : null;
}

/** Exactly these: what an earlier rewrite took away may be back. */
async function markLost(em: EntityManager, lost: string[]): Promise<void> {
  await em.nativeUpdate(Revision, { workspace: WORKSPACE, commit: { $nin: lost } }, { lost: false });
  await em.nativeUpdate(Revision, { workspace: WORKSPACE, commit: { $in: lost } }, { lost: true });
}

function revisionRow(plan: Plan, findings: Finding[], at: { commit: string; now: Date }): Revision {
  return {
    workspace: WORKSPACE,
    template: plan.name,
    digest: plan.digest,
    commit: at.commit,
    version: plan.version,
    plan,
    files: plan.files,
    findings,
    served: true,
    lost: false,
    createdAt: at.now,
  };
}
