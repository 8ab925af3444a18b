import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, expect, it, jest, describe } from '@jest/globals';

import { describeOnEachDatabase } from '../../../../../test/support/database.ts';
import { loadSettings } from '../../config/index.ts';
import type { OpenDatabase } from '../../database/open-database.ts';
import type { ConfiguredRegistry } from '../source/registry-source.ts';
import { RegistryTurns } from './registry-turns.ts';

jest.setTimeout(30_000);

const registry: ConfiguredRegistry = {
  kind: 'git',
  name: 'https://git.example.org/templates.git',
  ref: 'main',
  folder: null,
  hasHistory: true,
  open: () => Promise.reject(new Error('is not opened here')),
};
const HOUR_MS = 3_600_000;

describeOnEachDatabase(describe, 'servers that share a database', ({ open }) => {
  let database: OpenDatabase;
  const server = (): RegistryTurns =>
    new RegistryTurns(
      loadSettings({
        environment: {
          DATABASE_URL: 'postgres://localhost/x',
          SECRET_KEY: 'kX2v9Qd7mT4sB8wYzR1nPfGhJc6LaEu3',
        },
      }),
      database.database,
    );
  const send = <Row>(text: string): Promise<Row[]> => database.database.query<Row>({ name: '', text }, []);

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(() => send('delete from registry_state'));

  it('read a registry one after the other', async () => {
    let reading = 0;
    let most = 0;
    const read = async (): Promise<void> => {
      most = Math.max(most, (reading += 1));
      await pause(50);
      reading -= 1;
    };
    await Promise.all([server(), server(), server()].map((one) => one.inTurn(registry, read)));
    expect(most).toBe(1);
  });

  it('read it once for all of them in an interval', async () => {
    const read = jest.fn(() => Promise.resolve());
    for (const one of [server(), server(), server()]) await one.ifDue(registry, HOUR_MS, read);
    expect(read).toHaveBeenCalledTimes(1);
    await send(`update registry_state set looked_at = looked_at - interval '1 hour'`);
    await server().ifDue(registry, HOUR_MS, read);
    expect(read).toHaveBeenCalledTimes(2);
    await server().inTurn(registry, read);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('do not read while another one does, however long that takes', async () => {
    const read = jest.fn(() => Promise.resolve());
    await server().inTurn(registry, async () => {
      await send(`update registry_state set reader_until = now() + interval '1 second'`);
      // Longer than that, and than it takes to renew the turn.
      await pause(2_500);
      await server().ifDue(registry, 0, read);
    });
    expect(read).not.toHaveBeenCalled();
  });

  it('go on after one that died over it', async () => {
    await send(
      `insert into registry_state (workspace, url, ref, findings, reader, reader_until)
        values ('default', '${registry.name}', 'main', '[]', 'dead', now() + interval '300 milliseconds')`,
    );
    expect(await server().inTurn(registry, () => Promise.resolve('read'))).toBe('read');
  });

  it('give the turn back when they cannot read', async () => {
    await expect(server().inTurn(registry, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await send('select reader from registry_state')).toEqual([{ reader: null }]);
  });
});
