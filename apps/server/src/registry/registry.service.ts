import { join } from 'node:path';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { toFailure } from '@stagewright/engine';
import type { Clock } from '@stagewright/engine';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { CLOCK } from '../runs/engine.tokens.ts';
import { REGISTRY_LIMITS } from './git/registry-limits.ts';
import { RegistryReader } from './sync/registry-reader.ts';
import type { CheckedCommit } from './sync/checked-commit.ts';
import { RegistryRecords } from './sync/registry-records.ts';
import type { ServedRevision } from './sync/registry-records.ts';
import { RegistryTurns } from './sync/registry-turns.ts';
import { configuredRegistry } from './source/registry-source.ts';
import type { ConfiguredRegistry } from './source/registry-source.ts';
import type { RegistryView } from './registry.view.ts';
import { unreachable } from './registry.errors.ts';
import { rewriteFinding } from './sync/rewrite-finding.ts';

/** Reads in a row that another server may overtake. */
const MOST_READS = 5;

/** Keeps what is served in step with the registry's ref. */
@Injectable()
export class RegistryService {
  private readonly logger = new Logger('registry');
  private readonly registry: ConfiguredRegistry;
  /** Commit that this process checked last. Another release, or other plugins, may find other faults in it: so it is not kept. */
  private checked: string | null = null;
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly reader: RegistryReader,
    private readonly records: RegistryRecords,
    private readonly turns: RegistryTurns,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.registry = configuredRegistry(settings);
  }

  /**
   * Reads the registry and serves what is good in it. One sync at a time: whoever asks during one gets the next, since the one under way
   * may have looked before the caller's push; all who ask meanwhile share it. Throws `REGISTRY_UNREACHABLE`,
   * `REGISTRY_TOO_BIG` or `DISK_FULL`; then the last good templates go on serving.
   */
  async sync(): Promise<RegistryView> {
    if (this.running === null) await this.begin();
    else await (this.next ??= this.running.catch(() => undefined).then(() => this.begin()));
    return this.view();
  }

  /** A sync unless one is under way, here or on another server, or one was begun less than `everyMs` ago. Throws as `sync` does. */
  async syncIfDue(everyMs: number): Promise<void> {
    if (this.running !== null) return;
    this.running = this.turns
      .ifDue(this.registry, everyMs, () => this.syncOnce())
      .finally(() => (this.running = null));
    await this.running;
  }

  /** A sync that nobody waits for: what goes wrong is logged, and told by `view`. */
  syncInBackground(): void {
    this.sync().catch((error: unknown) => {
      const { code, message } = toFailure(error);
      this.logger.warn(`${code} ${message}`);
    });
  }

  /** Resolves when no sync is under way, or after `ms`. */
  async settled(ms: number): Promise<void> {
    if (this.running === null) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([this.running.catch(() => undefined), patience]);
    clearTimeout(timer);
  }

  async view(): Promise<RegistryView> {
    const [state, served] = await Promise.all([this.records.state(this.registry), this.records.served()]);
    return {
      url: this.registry.name,
      ref: this.registry.ref,
      commit: state?.commit ?? null,
      syncedAt: state?.syncedAt?.toISOString() ?? null,
      ageSeconds: state?.syncedAt
        ? Math.max(0, Math.round((Date.parse(this.clock.now()) - state.syncedAt.getTime()) / 1000))
        : null,
      failure: state?.failure ?? null,
      templates: served.map(toTemplate),
      findings: [...rewriteFinding(state, this.clock.now()), ...(state?.findings ?? [])],
    };
  }

  private begin(): Promise<void> {
    this.next = null;
    this.running = this.turns
      .inTurn(this.registry, () => this.syncOnce())
      .finally(() => (this.running = null));
    return this.running;
  }

  /** Reads until what was read is newer than what serves: another server may have been faster. Null when nothing is new. */
  private async readAndAccept(): Promise<CheckedCommit | null> {
    const place = { gitDir: join(this.settings.dataDir, 'registry.git'), limits: REGISTRY_LIMITS };
    for (let tries = 0; tries < MOST_READS; tries += 1) {
      const before = await this.records.commitReadBefore(this.registry);
      const commits = (): Promise<string[]> => this.records.commitsOfRevisions();
      const read = await this.reader.read(this.registry, place, { before, commits, checked: this.checked });
      if (read === null) {
        if (await this.records.confirm(this.registry, before)) return null;
      } else if (await this.records.accept(this.registry, read, before)) {
        this.checked = read.commit;
        return read;
      }
    }
    throw unreachable(`other servers read it at the same time, ${MOST_READS} times in a row.`);
  }

  private async syncOnce(): Promise<void> {
    try {
      const checked = await this.readAndAccept();
      if (checked === null) return;
      const errors = checked.findings.filter((finding) => finding.severity === 'error');
      this.logger.debug(
        { commit: checked.commit, templates: checked.templates.length, errors: errors.length },
        'registry synced',
      );
      if (checked.rewrite !== null)
        this.logger.warn(
          `REGISTRY_REWRITTEN ${this.registry.ref} went from ${checked.rewrite.from} to ${checked.commit}${checked.rewrite.isTag ? ', though it is a tag' : ', which does not follow it'}`,
        );
      for (const finding of errors)
        this.logger.warn(
          `${finding.file}:${finding.line}:${finding.column} ${finding.code} ${finding.message}`,
        );
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code.startsWith('REGISTRY_') || failure.code === 'DISK_FULL')
        await this.records.reject(this.registry, `${failure.code}: ${failure.message}`);
      throw error;
    }
  }
}

function toTemplate({
  template,
  version,
  commit,
  digest,
  findings,
}: ServedRevision): RegistryView['templates'][number] {
  return {
    name: template,
    version,
    commit,
    digest,
    broken: findings.some((finding) => finding.severity === 'error'),
  };
}
