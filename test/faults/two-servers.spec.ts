import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { RunView } from '@stagewright/engine';

import { Fleet } from '../chaos/fleet/fleet.ts';
import { factsOf, only } from '../chaos/oracles/evidence.ts';
import { transitionsOnce } from '../chaos/oracles/o2-transitions-once.ts';
import { readHistory } from '../chaos/oracles/read-history.ts';
import { OwnPostgres } from '../chaos/services/postgres.ts';
import { SeededRandom } from '../chaos/storm/random.ts';
import { apiOf } from '../e2e/support/api.ts';
import type { Answer, Api } from '../e2e/support/api.ts';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import { GATE_REGISTRY } from './support/gate-template.ts';
import { describeWithServices } from './support/own-services.ts';

jest.setTimeout(600_000);

const RACES = 2_000;
/** Of these races, so many are between four. */
const CROWDED = 500;
const SUBMITS = 1_000;
const AT_ONCE = 16;

/** Two server processes on one PostgreSQL: whatever people do at both at once, one of them wins and the others hear who. */
describeWithServices('two servers on one database', (programs) => {
  let postgres: OwnPostgres;
  let registry: GitRegistry;
  let fleet: Fleet;
  let apis: [Api, Api];
  const seed = Number(process.env['E2E_SEED'] ?? Date.now() % 100_000);
  const random = new SeededRandom(seed);

  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs);
    await postgres.start();
    await postgres.createDatabase('two_servers');
    registry = makeGitRegistry(GATE_REGISTRY);
    registry.publish('Gates');
    const settings = {
      DATABASE_URL: postgres.url('two_servers'),
      SECRET_KEY: randomBytes(32).toString('hex'),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
    };
    fleet = await Fleet.start({ servers: 2, workers: 0, settings });
    const [one, other] = fleet.servers.map(({ url }) => apiOf({ url, token: fleet.token }));
    apis = [one!, other!];
  });
  afterAll(async () => {
    await fleet?.remove();
    await postgres?.remove();
    registry?.remove();
  });

  const approve = (round = 1) => ({ verb: 'approve', body: { stage: 'text', round } });
  const sendBack = (round = 1) => ({
    verb: 'request-changes',
    body: { stage: 'text', round, comments: [{ body: 'In other words.' }] },
  });
  const parked = async (template = 'gate'): Promise<RunView> => {
    const { id } = await apis[0].create({ template, inputs: {} });
    return apis[0].until(id, 'approval_pending');
  };
  /** What the database says was decided about the first round of a run. */
  async function decidedOf(ids: string[]): Promise<Map<string, number>> {
    const { runs } = await readHistory(postgres.url('two_servers'));
    expect(transitionsOnce({ runs })).toEqual([]);
    const asked = new Set(ids);
    return new Map(
      runs
        .filter(({ id }) => asked.has(id))
        .map((run) => {
          const facts = factsOf(run);
          const decisions = [...only(facts, 'approval.given'), ...only(facts, 'changes.requested')];
          return [run.id, decisions.filter(({ round }) => round === 1).length];
        }),
    );
  }

  it(`let one decision win in each of ${RACES} races, and tell the others who it was and when`, async () => {
    const ids: string[] = [];
    await lanes(
      RACES,
      async () => void ids.push((await apis[0].create({ template: 'gate', inputs: {} })).id),
    );
    await lanes(
      RACES,
      async (index) => void (await apis[index % 2]!.until(ids[index]!, 'approval_pending', 120_000)),
    );
    const faults: string[] = [];
    const winners = { approve: 0, 'request-changes': 0 };
    await lanes(RACES, async (index) => {
      const crowd = index < CROWDED ? [approve(), sendBack(), approve(), approve()] : [approve(), sendBack()];
      if (random.chance(0.5)) crowd.reverse();
      const answers = await Promise.all(
        crowd.map(({ verb, body }, racer) => apis[(index + racer) % 2]!.verb(ids[index]!, verb, body)),
      );
      const won = answers.flatMap(({ status }, racer) => (status === 200 ? [crowd[racer]!.verb] : []));
      if (won.length === 1) winners[won[0] as keyof typeof winners] += 1;
      else faults.push(`run ${ids[index]}: ${won.length} winners`);
      for (const answer of answers) if (answer.status !== 200) faults.push(...lackOf(answer));
    });
    expect({ seed, faults: faults.slice(0, 10) }).toEqual({ seed, faults: [] });
    // A race that the same side always wins is none.
    expect(Math.min(...Object.values(winners))).toBeGreaterThan(RACES / 50);
    const decided = await decidedOf(ids);
    expect([...decided.values()].filter((count) => count !== 1)).toEqual([]);
    expect(decided.size).toBe(RACES);
  });

  it(`make one run of each of ${SUBMITS} submits that are repeated because their answer was lost`, async () => {
    const made = new Map<string, Set<string>>();
    let hungUp = 0;
    await lanes(SUBMITS, async (index) => {
      const key = `lost-${seed}-${index}`;
      const ids = new Set<string>();
      const request = { template: 'gate', title: key, start: false };
      const send = (server: number, signal?: AbortSignal) => submit(fleet, { server, key, request, signal });
      if ((await send(index % 2, AbortSignal.timeout(random.whole(0, 12)))) === null) hungUp += 1;
      // Then both servers at once, as a client and its proxy do.
      for (const id of await Promise.all([send(0), send(1)])) ids.add(id ?? 'none');
      ids.add((await send((index + 1) % 2)) ?? 'none');
      made.set(key, ids);
    });
    expect([...made.values()].filter((ids) => ids.size !== 1 || ids.has('none'))).toEqual([]);
    expect(new Set([...made.values()].flatMap((ids) => [...ids])).size).toBe(SUBMITS);
    expect(hungUp).toBeGreaterThan(SUBMITS / 10);
    const { runs } = await readHistory(postgres.url('two_servers'));
    const drafts = runs.filter(({ state }) => state === 'draft');
    expect(drafts).toHaveLength(SUBMITS);
  });

  it('let either a cancel or the end of the work win, never both', async () => {
    await lanes(60, async (index) => {
      const { id } = await parked();
      const [approved, cancelled] = await Promise.all([
        apis[index % 2]!.verb(id, 'approve', approve().body),
        apis[(index + 1) % 2]!.verb(id, 'cancel', {}),
      ]);
      const run = await apis[0].until(id, ({ state }) => state === 'done' || state === 'cancelled');
      const other = await apis[1].run(id);
      expect(other.state).toBe(run.state);
      if (run.state === 'done') expect([approved.status, cancelled.status]).toEqual([200, 409]);
      // Work that the approval set off may be cancelled; a cancelled run takes no approval.
      else expect(cancelled.status).toBe(200);
      if (cancelled.status === 409)
        expect(cancelled.body).toMatchObject({ code: 'STATE_CONFLICT', state: 'done' });
    });
  });

  it('refuse at one what was decided at the other an hour ago, and show the present state', async () => {
    const { id } = await parked();
    expect((await apis[0].verb(id, 'request-changes', sendBack().body)).status).toBe(200);
    await apis[0].until(id, (run) =>
      run.waitingFor.some((wait) => wait.kind === 'approval' && wait.round === 2),
    );
    const stale = await apis[1].verb(id, 'approve', approve().body);
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'APPROVAL_STALE', state: 'approval_pending', round: 2, decidedBy: { id: 'local' } },
    });
    expect((await apis[1].verb(id, 'approve', approve(2).body)).status).toBe(200);
  });

  it('refuse the one who started a run as its approver, at either', async () => {
    const { id } = await parked('four-eyes');
    for (const api of apis)
      expect(await api.verb(id, 'approve', approve().body)).toMatchObject({
        status: 403,
        body: { code: 'APPROVAL_FORBIDDEN' },
      });
    expect((await apis[1].run(id)).state).toBe('approval_pending');
  });

  it('refuse decisions after a cancel, and of runs that never were', async () => {
    const { id } = await parked();
    expect((await apis[0].verb(id, 'cancel', {})).status).toBe(200);
    for (const { verb, body } of [approve(), sendBack()])
      expect(await apis[1].verb(id, verb, body)).toMatchObject({
        status: 409,
        body: { code: 'STATE_CONFLICT', state: 'cancelled' },
      });
    const nowhere = id.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    expect(await apis[1].verb(nowhere, 'approve', approve().body)).toMatchObject({
      status: 404,
      body: { code: 'RUN_NOT_FOUND' },
    });
  });

  it('take a verb that is delivered twice, and late ones after newer ones, once', async () => {
    await lanes(40, async (index) => {
      const { id } = await parked();
      const first = apis[index % 2]!;
      const second = apis[(index + 1) % 2]!;
      await first.verb(id, 'request-changes', sendBack().body);
      await first.until(id, (run) =>
        run.waitingFor.some((wait) => wait.kind === 'approval' && wait.round === 2),
      );
      // The approval of round 2, twice, among repetitions of what came before it.
      const late = [approve(2), sendBack(1), approve(2), approve(1)];
      const answers = await Promise.all(
        late.map(({ verb, body }, place) => (place % 2 === 0 ? first : second).verb(id, verb, body)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
      expect((await second.until(id, 'done')).progress).toBe(100);
    });
  });
});

/** What a refusal keeps from the loser of a race: nothing, when it says who decided and when. */
function lackOf({ status, body }: Answer): string[] {
  const known = body['code'] === 'STATE_CONFLICT' || body['code'] === 'APPROVAL_STALE';
  const named =
    typeof body['decidedAt'] === 'string' && (body['decidedBy'] as { id?: string })?.id === 'local';
  return status === 409 && known && named ? [] : [`${status} ${JSON.stringify(body)}`];
}

/** The id that a submit was answered with; null when the answer was lost. */
async function submit(
  fleet: Fleet,
  {
    server,
    key,
    request,
    signal,
  }: { server: number; key: string; request: object; signal?: AbortSignal | undefined },
): Promise<string | null> {
  try {
    const response = await fetch(`${fleet.servers[server]!.url}/api/v1/runs`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${fleet.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(request),
      ...(signal === undefined ? {} : { signal }),
    });
    const body = (await response.json()) as { id?: string };
    if (response.status !== 201) throw new Error(`${response.status} ${JSON.stringify(body)}`);
    return body.id ?? null;
  } catch (error) {
    if (signal?.aborted === true) return null;
    throw error;
  }
}

/** Calls `one` for 0 .. count-1, some at a time. */
async function lanes(count: number, one: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await one(next - 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
