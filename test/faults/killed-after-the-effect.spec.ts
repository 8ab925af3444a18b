import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { RunView } from '@stagewright/engine';

import { Fleet } from '../chaos/fleet/fleet.ts';
import { transitionsOnce } from '../chaos/oracles/o2-transitions-once.ts';
import { readHistory } from '../chaos/oracles/read-history.ts';
import { OwnPostgres } from '../chaos/services/postgres.ts';
import { Receiver } from '../chaos/services/receiver.ts';
import { apiOf } from '../e2e/support/api.ts';
import type { Api } from '../e2e/support/api.ts';
import { makeGitRegistry, MANIFEST } from '../e2e/support/git-registry.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import { describeWithServices } from './support/own-services.ts';
import { untilSo } from './support/until-so.ts';

jest.setTimeout(240_000);

const LEASE_SECONDS = 1;
/** Time for who would repeat a call without asking: others look for work every five seconds. */
const TEMPTATION_MS = 7_000;

/** The action without a key, called by its name. */
const ONCE = '{action: post/once, input: TELL}';

const template = (name: string, to: string, rest: string): string => `apiVersion: stagewright/v1
name: ${name}
title: ${name}
type: ebook
version: 1.0.0
inputs: {type: object, additionalProperties: false, properties: {}}
${rest.replaceAll('TELL', `{to: "http://${to}", text: "\${{ run.id }}"}`)}`;

/** F16: a process that is killed when its call has reached the receiver, and nothing of that is written down. */
describeWithServices('a server that is killed between an effect and its record', (programs) => {
  let postgres: OwnPostgres;
  let registry: GitRegistry;
  let receiver: Receiver;
  let fleet: Fleet;
  let first: Api;
  let other: Api;

  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs);
    await postgres.start();
    await postgres.createDatabase('effects');
    receiver = new Receiver(() => 200);
    await receiver.open();
    const of = (name: string, rest: string) => ({
      [`templates/${name}/template.yaml`]: template(name, receiver.host, rest),
    });
    registry = makeGitRegistry({
      'stagewright.yaml': MANIFEST,
      ...of('once', 'stages:\n  - {id: tell, mode: system, uses: post/once, with: TELL}\noutputs: {}\n'),
      ...of('keyed', 'stages:\n  - {id: tell, mode: system, uses: post/keyed, with: TELL}\noutputs: {}\n'),
      ...of(
        'through',
        `stages:\n  - {id: tell, mode: system, uses: tool/call, with: ${ONCE}}\noutputs: {}\n`,
      ),
      ...of(
        'at-end',
        `stages:\n  - {id: tell, mode: system, uses: post/keyed, with: TELL}\noutputs: {}\nonComplete:\n  - {uses: tool/call, with: ${ONCE}}\n`,
      ),
    });
    registry.publish('Effects');
    const settings = {
      DATABASE_URL: postgres.url('effects'),
      SECRET_KEY: randomBytes(32).toString('hex'),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
      WORKER_LEASE_SECONDS: String(LEASE_SECONDS),
    };
    const preload = [join(import.meta.dirname, 'support/plugin/with-post.ts')];
    fleet = await Fleet.start({ servers: 2, workers: 0, settings, preload });
    [first, other] = fleet.servers.map(({ url }) => apiOf({ url, token: fleet.token })) as [Api, Api];
  });
  afterAll(async () => {
    await fleet?.remove();
    await receiver?.close();
    await postgres?.remove();
    registry?.remove();
  });

  const taken = (id: string) => receiver.deliveries.filter(({ body }) => body['text'] === id);
  const isInDoubt = ({ waitingFor }: RunView) => waitingFor.some(({ kind }) => kind === 'review');

  /** Begins a run at the first server and kills that one when the `nth` message of the run has come. */
  async function killAt(nth: number, name: string): Promise<string> {
    await fleet.allUp();
    // What comes from now on is taken, and the answer stays away.
    let left = nth;
    receiver.keepSilent(() => (left -= 1) <= 0);
    const { id } = await first.create({ template: name, inputs: {} });
    await untilSo(() => taken(id).length, nth);
    expect(fleet.servers[0]!.kill()).toBe(true);
    receiver.keepSilent(() => false);
    return id;
  }

  it.each([
    ['', 'once'],
    [' that is called through another one', 'through'],
  ])('leaves an action without a key%s to a person, and nobody repeats it before', async (_how, name) => {
    const id = await killAt(1, name);
    const run = await other.until(id, isInDoubt, 60_000);
    expect(run.state).toBe('input_pending');
    expect(run.waitingFor).toMatchObject([
      { kind: 'review', task: 'tell', attempt: 1, code: 'ACTION_OUTCOME_UNKNOWN' },
    ]);
    await new Promise((later) => setTimeout(later, TEMPTATION_MS));
    expect(taken(id)).toHaveLength(1);
    const again = { task: 'tell', attempt: 1, outcome: 'repeat', comment: 'They know of nothing.' };
    expect((await other.verb(id, 'resolve', again)).status).toBe(200);
    await other.until(id, 'done');
    expect(taken(id)).toHaveLength(2);
  });

  it('leaves an end action without a key to a person too', async () => {
    const id = await killAt(2, 'at-end');
    const run = await other.until(id, isInDoubt, 60_000);
    expect(run.state).toBe('done');
    await new Promise((later) => setTimeout(later, TEMPTATION_MS));
    expect(taken(id)).toHaveLength(2);
    const made = { task: 'end-action:0', attempt: 1, outcome: 'done', output: { told: true } };
    expect((await other.verb(id, 'resolve', made)).status).toBe(200);
    await other.until(id, (now) => !isInDoubt(now));
    expect(taken(id)).toHaveLength(2);
  });

  it('has an action with a key repeated by another one, under the same key and with the same body', async () => {
    const id = await killAt(1, 'keyed');
    await other.until(id, 'done', 60_000);
    const calls = taken(id);
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    expect(calls[0]!.key).not.toBe('');
    expect(new Set(calls.map(({ hash }) => hash)).size).toBe(1);
  });

  it('tells each transition once', async () => {
    expect(transitionsOnce(await readHistory(postgres.url('effects')))).toEqual([]);
  });
});
