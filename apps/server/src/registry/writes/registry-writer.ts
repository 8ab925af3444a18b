import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { toFailure } from '@stagewright/engine';
import type { Clock, Finding, Revision } from '@stagewright/engine';
import { checkChange, filesFromMap, writePolicy } from '@stagewright/engine/template';
import type { ActionCatalog, CheckedChange } from '@stagewright/engine/template';

import { ACTION_REGISTRY, CLOCK } from '../../runs/engine.tokens.ts';
import { ensureBare } from '../git/ensure-bare.ts';
import { pushCommit, refsNamed, writeCommit } from '../git/git-writer.ts';
import {
  applyChange,
  contentAt,
  digestOfContent,
  placeOf,
  refuseConflict,
  refuseFaults,
} from './registry-change.ts';
import type { ContentChange } from './registry-change.ts';
import { RegistryCopy } from './registry-copy.ts';
import { REGISTRY_LIMITS } from '../git/registry-limits.ts';
import { readTree } from '../git/registry-tree.ts';
import type { RegistrySource } from '../source/registry-url.ts';
import { manifestInvalid, registryContended, registryReadOnly, writesOff } from './registry-writes.errors.ts';
import { RegistryService } from '../registry.service.ts';

/** Times that a change is made anew on top of what somebody else pushed meanwhile. */
const MOST_TRIES = 25;
const LONGEST_PAUSE_MS = 200;
/** Places whose last change is remembered, for requests that came before it. */
const MOST_REMEMBERED = 10_000;

/** All that one template can depend on, beside its own folder. */
const SHARED_BY_TEMPLATES = ['prompts/', 'stages/', 'schemas/', 'schema/', 'stagewright.yaml'];

/** What became of a change. */
export interface WrittenChange {
  commit: string;
  /** Where the commit is: the branch that is served, or one for a pull request. */
  branch: string;
  /** False when the registry had exactly this already; then `commit` is the one that has it. */
  changed: boolean;
  /** New runs use it from now on. */
  served: boolean;
  /** Of the content as it is now; null when it is gone. */
  contentDigest: string | null;
  /** Warnings. */
  findings: Finding[];
  /** What a run of the template would use; null for what is no template. */
  revision: Revision | null;
}

/** Where a change begins. */
interface Ground {
  source: RegistrySource;
  branch: string;
  tip: string;
  /** Folder of the repository that is the registry; null: all of it. */
  folder: string | null;
}

/** Turns what comes over the API into commits of the registry. */
@Injectable()
export class RegistryWriter {
  private readonly logger = new Logger('registry');
  /** Requests in the order in which they came, and the last one that changed a place: who came before it has not seen it. */
  private arrivals = 0;
  private readonly changedBy = new Map<string, number>();

  constructor(
    private readonly copy: RegistryCopy,
    private readonly registry: RegistryService,
    @Inject(ACTION_REGISTRY) private readonly catalog: ActionCatalog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Checks the change against the registry's present commit, commits it on top of that and, by the policy of the registry,
   * serves it. Two changes of different things both happen; of two changes of one thing the second is refused. Throws
   * `TEMPLATE_INVALID`, `PROMPT_INVALID`, `PROMPT_IN_USE`, `REGISTRY_CONFLICT`, `REGISTRY_WRITES_OFF`,
   * `REGISTRY_READ_ONLY`, `REGISTRY_CHECKED_OUT`, `REGISTRY_WRITE_REFUSED`, `REGISTRY_CONTENDED`,
   * and what says that the thing is there already or is not; then nothing was written. After `REGISTRY_UNREACHABLE` it may have been:
   * sent again, it finds itself or a conflict.
   */
  async write(change: ContentChange): Promise<WrittenChange> {
    const arrival = (this.arrivals += 1);
    const written = await this.copy.exclusively(() => this.#commit(change, arrival));
    const { verb, kind, name, author } = change;
    const { commit, branch, changed } = written;
    if (changed)
      this.logger.log({ commit, branch, verb, kind, name, author: author.name }, 'registry written');
    return written.served ? { ...written, served: await this.#serve(written.commit) } : written;
  }

  async #commit(change: ContentChange, arrival: number): Promise<WrittenChange> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (tries > 0) await pause(Math.random() * LONGEST_PAUSE_MS);
      const written = await this.#tryOn(await this.#ground(), change, arrival);
      if (written !== null) return written;
    }
    throw registryContended(MOST_TRIES);
  }

  async #ground(): Promise<Ground> {
    const { repository: registry, gitDir } = this.copy;
    const source = await registry.open();
    const branch = registry.ref.replace(/^refs\/heads\//, '');
    await ensureBare(gitDir);
    const found = await refsNamed(gitDir, source, branch, REGISTRY_LIMITS.timeMs);
    if (found.branch === null || found.tag !== null)
      throw registryReadOnly(`REGISTRY_REF ${registry.ref} is ${found.tag === null ? 'no branch' : 'a tag'}`);
    const tip = await this.copy.fetch(source, `refs/heads/${branch}`);
    return { source, branch, tip, folder: registry.folder };
  }

  /** Null when somebody else's push came in between. */
  async #tryOn(ground: Ground, change: ContentChange, arrival: number): Promise<WrittenChange | null> {
    const below =
      change.kind === 'template' ? [placeOf(change.kind, change.name), ...SHARED_BY_TEMPLATES] : [];
    const { files } = await readTree(
      this.copy.gitDir,
      { commit: ground.tip, folder: ground.folder },
      REGISTRY_LIMITS,
      below,
    );
    const policy = writePolicy(filesFromMap(files));
    if (policy === null) throw manifestInvalid();
    if (policy === 'off') throw writesOff();
    const place = placeOf(change.kind, change.name);
    const overtaken = (this.changedBy.get(place) ?? 0) > arrival;
    refuseConflict(change, contentAt(files, change.kind, change.name), overtaken);
    const wanted = applyChange(change, files);
    const checked = checkChange(
      {
        before: filesFromMap(files),
        after: filesFromMap(wanted.after),
        template: change.kind === 'template' ? change.name : null,
      },
      this.catalog,
    );
    const findings = refuseFaults(change, checked);
    const isServed = policy === 'direct';
    const facts = {
      served: isServed,
      findings,
      contentDigest: digestOfContent(contentAt(wanted.after, change.kind, change.name)),
    };
    const { tip: parent } = ground;
    if (wanted.put.size === 0 && wanted.remove.length === 0)
      return {
        ...facts,
        served: true,
        changed: false,
        commit: parent,
        branch: ground.branch,
        revision: revisionOf(checked, parent),
      };
    const commit = await this.#newCommit(change, wanted, ground);
    const target = isServed
      ? { branch: ground.branch, was: parent }
      : { branch: branchFor(change), was: null };
    const outcome = await pushCommit(
      this.copy.gitDir,
      ground.source,
      { commit, ...target },
      REGISTRY_LIMITS.timeMs,
    );
    if (outcome === 'moved') return null;
    if (isServed) this.#remember(place);
    return { ...facts, changed: true, commit, branch: target.branch, revision: revisionOf(checked, commit) };
  }

  #newCommit(
    change: ContentChange,
    { put, remove }: { put: ReadonlyMap<string, string>; remove: string[] },
    { tip: parent, folder }: Ground,
  ): Promise<string> {
    const { author, message = defaultMessage(change) } = change;
    const at = this.clock.now();
    return writeCommit(this.copy.gitDir, { parent, folder, put, remove, author, message, at });
  }

  /** Requests that came until now were made without knowing of the change. */
  #remember(place: string): void {
    this.changedBy.set(place, this.arrivals + 0.5);
    if (this.changedBy.size <= MOST_REMEMBERED) return;
    const [oldest] = this.changedBy.keys();
    if (oldest !== undefined) this.changedBy.delete(oldest);
  }

  /** The commit is safe in the registry by now: when it cannot be read back at once, the next sync brings it. */
  async #serve(commit: string): Promise<boolean> {
    try {
      await this.registry.sync();
      return true;
    } catch (error) {
      const { code, message } = toFailure(error);
      this.logger.warn(`${code} ${message} (after writing ${commit})`);
      return false;
    }
  }
}

const VERBS = { add: 'Add', change: 'Change', remove: 'Remove' };

function defaultMessage({ verb, kind, name }: ContentChange): string {
  return `${VERBS[verb]} ${kind} ${name}`;
}

/** One that nobody has: a second change of the same thing is a second pull request. */
function branchFor({ kind, name }: ContentChange): string {
  return `stagewright/${kind}-${name.replaceAll('/', '-')}-${randomBytes(4).toString('hex')}`;
}

function revisionOf({ template }: CheckedChange, commit: string): Revision | null {
  const plan = template?.plan;
  if (plan === null || plan === undefined) return null;
  return { template: plan.name, version: plan.version, commit, digest: plan.digest };
}
