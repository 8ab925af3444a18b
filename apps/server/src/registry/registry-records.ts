import { EntityManager, LockMode } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Finding, Plan } from '@stagewright/engine';

import { DEFAULT_WORKSPACE as WORKSPACE, RegistryState, Revision } from '../database/entities/index.ts';
import { CLOCK } from '../runs/engine.tokens.ts';
import type { ConfiguredRegistry } from './registry-source.ts';
import type { CheckedCommit, ReadBefore } from './registry-reader.ts';

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

  /** What was read before from this ref. Another ref has another history, and says nothing of this one's. */
  async readBefore(registry: ConfiguredRegistry): Promise<ReadBefore> {
    const state = await this.state(registry);
    if (state === null || state.ref !== registry.ref) return { commit: null, commits: [] };
    const rows = await this.entities.fork().find(Revision, { workspace: WORKSPACE }, { fields: ['commit'] });
    return { commit: state.commit ?? null, commits: [...new Set(rows.map(({ commit }) => commit))] };
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
        ...(checked.rewrite === null
          ? {}
          : { rewrite: { from: checked.rewrite.from, to: checked.commit, at: this.clock.now() } }),
      });
      const good = checked.templates.flatMap(({ plan, findings }) =>
        plan === null ? [] : [{ plan, findings }],
      );
      const broken = checked.templates.filter(({ plan }) => plan === null);
      if (checked.rewrite !== null) {
        await markLost(em, checked.rewrite.lost);
        // Content that the new history has too is now found there.
        const present = good.map(({ plan }) => plan.digest);
        const found = { workspace: WORKSPACE, lost: true, digest: { $in: present } };
        await em.nativeUpdate(Revision, found, { commit: checked.commit });
      }
      const kept = broken.map(({ name }) => name);
      await em.nativeUpdate(
        Revision,
        { workspace: WORKSPACE, served: true, template: { $nin: kept } },
        { served: false },
      );
      for (const { name, findings } of broken) {
        await em.nativeUpdate(Revision, { workspace: WORKSPACE, served: true, template: name }, { findings });
      }
      for (const { plan, findings } of good) {
        await em.upsert(Revision, revisionRow(plan, findings, { commit: checked.commit, now }), {
          onConflictFields: ['workspace', 'template', 'digest'],
          onConflictAction: 'merge',
          onConflictMergeFields: ['served', 'findings', 'lost'],
        });
      }
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
  };
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
