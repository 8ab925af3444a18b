import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createEngine, InProcessStageQueue, StagewrightError } from '@stagewright/engine';
import type { Actor, Engine, RunFact, RunView } from '@stagewright/engine';
import { createIsolation } from '@stagewright/engine/isolation';
import {
  aiStage,
  planOf,
  plansOf,
  scriptedRouter,
  ScriptedAiProvider,
  testDesk,
} from '@stagewright/engine/testing';

import { breachesOfTransitions } from '../../../../test/e2e/support/journal-law.ts';
import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { Database } from '../database/database.ts';
import type { SqlClient, Statement } from '../database/database.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { WorkerLease } from '../workers/worker-lease.ts';
import { SqlRunStore } from './sql-run-store.ts';

jest.setTimeout(240_000);

type Side = 'before' | 'after';
/** More statements than the life of the run has: the last kills must hit nothing. */
const MOST_STATEMENTS = 40;
const GATE = {
  approvers: ['role:approver'],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};
const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver'] };
const plan = planOf(
  [
    aiStage('outline', { approval: GATE }),
    aiStage('parts', { forEach: { source: '[1, 2]', as: 'part', concurrency: 2 } }),
    aiStage('title'),
  ],
  { name: 'book' },
);

/** The database as a process sees it that is killed at its `nth` statement: from then on nothing of it gets out. */
class FatalDatabase extends Database {
  dead = false;
  readonly died: Promise<'died'>;
  readonly #at: { nth: number; side: Side };
  #seen = 0;
  #die: () => void = () => undefined;

  constructor(client: SqlClient, at: { nth: number; side: Side }) {
    super(client);
    this.#at = at;
    this.died = new Promise((resolve) => (this.#die = () => resolve('died')));
  }

  override async query<Row>(statement: Statement, values: unknown[]): Promise<Row[]> {
    this.#seen += 1;
    const fatal = this.#seen === this.#at.nth;
    if (fatal && this.#at.side === 'after') await super.query(statement, values);
    if (fatal) {
      this.dead = true;
      this.#die();
    }
    if (this.dead) return new Promise(() => undefined);
    return super.query(statement, values);
  }
}

/** F1: a process dies right before and right after each statement in the life of a run, and the next one ends the run. */
describeOnEachDatabase(describe, 'a process that is killed at any of its statements', ({ open }) => {
  const isolation = createIsolation();
  let db: OpenDatabase;
  beforeAll(async () => {
    db = await open();
  }, 60_000);
  afterAll(async () => {
    await isolation.close();
    await db.close();
  });
  const engines: Engine[] = [];
  afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close(0))));

  async function processOn(database: Database, name: string): Promise<{ engine: Engine; keys: Set<string> }> {
    const keys = new Set<string>();
    const ai = new ScriptedAiProvider((request) => {
      keys.add(request.idempotencyKey);
      return 'a text';
    });
    const lease = new WorkerLease(database, { id: name, leaseMs: null });
    await lease.open();
    const { ports } = testDesk({ plans: plansOf(plan), ai: scriptedRouter(ai), isolation });
    const engine = createEngine({
      ...ports,
      store: new SqlRunStore(database),
      queue: new InProcessStageQueue(),
      workers: lease,
    });
    engines.push(engine);
    return { engine, keys };
  }

  /** Everything that a client does for a run, so that it may be done again after any of it. */
  async function drive(engine: Engine, key: string): Promise<RunView> {
    const { id } = await engine.create('w', { template: 'book', inputs: {}, key }, ann);
    await reached(engine, id, (run) => run.state !== 'running');
    await engine.send('w', id, { type: 'approve', actor: ann, stage: 'outline', round: 1 }).catch(refused);
    return reached(engine, id, (run) => run.state === 'done');
  }

  async function reached(engine: Engine, id: string, there: (run: RunView) => boolean): Promise<RunView> {
    for (let tries = 0; tries < 2_000; tries += 1) {
      const run = await engine.get('w', id);
      if (there(run)) return run;
      await engine.recover();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    throw new Error('The run is stuck.');
  }

  it.each(['before', 'after'] as const)(
    'right %s it, has its run ended by the next one, each step once',
    async (side) => {
      let kills = 0;
      let interrupted = 0;
      for (let nth = 1; nth <= MOST_STATEMENTS; nth += 1) {
        const key = `${side}-${nth}`;
        const fatal = new FatalDatabase(db.client, { nth, side });
        const life = processOn(fatal, `mortal-${key}`).then(async (process) => {
          await drive(process.engine, key);
          return process;
        });
        const survived = (await Promise.race([fatal.died, life])) !== 'died';
        if (survived) fatal.dead = true;
        else kills += 1;

        const next = await processOn(db.database, `next-${key}`);
        const run = await drive(next.engine, key);
        const facts = await factsOf(run.id);
        expect({ key, breaches: breachesOfTransitions(facts) }).toEqual({ key, breaches: [] });
        expect(run).toMatchObject({ state: 'done', progress: 100 });
        const completed = facts.flatMap((fact) => (fact.type === 'task.completed' ? [fact.task] : [])).sort();
        expect({ key, completed }).toEqual({ key, completed: ['outline', 'parts/0', 'parts/1', 'title'] });
        interrupted += facts.filter(({ type }) => type === 'task.interrupted').length;
        await next.engine.close(0);
        if (survived) break;
      }
      // Faults that never hit would prove nothing; and the last one came after the end.
      expect(kills).toBeGreaterThan(6);
      expect(kills).toBeLessThan(MOST_STATEMENTS);
      expect(interrupted).toBeGreaterThan(0);
    },
  );

  async function factsOf(id: string): Promise<RunFact[]> {
    const stored = await new SqlRunStore(db.database).load(id);
    expect(stored?.entries.map(({ version }) => version)).toEqual(
      stored?.entries.map((_, index) => index + 1),
    );
    return stored?.entries.flatMap(({ facts }) => facts) ?? [];
  }
});

/** The approval of a process that died may have been made: then it does not apply again. */
function refused(error: unknown): void {
  if (!(error instanceof StagewrightError) || error.code !== 'STATE_CONFLICT') throw error;
}
