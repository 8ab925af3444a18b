import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { RunView } from '@stagewright/engine';

import type { Api } from '../e2e/support/api.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { describeWithServices } from './support/own-services.ts';
import { SmallDisk } from './support/small-disk.ts';
import { openSmallDiskStand } from './support/small-disk-stand.ts';
import type { SmallDiskStand } from './support/small-disk-stand.ts';

jest.setTimeout(240_000);

const DISK_BYTES = 40_000_000;
const TOO_LITTLE = 100_000;
/** Random, so that PostgreSQL cannot pack it into fewer pages. */
const LONG_TEXT = randomBytes(150_000).toString('base64');
const MOST_RUNS = 50;

const TEMPLATE = `apiVersion: stagewright/v1
name: letter
title: Letter
type: website
version: 1.0.0
inputs: {type: object, required: [topic], additionalProperties: false, properties: {topic: {type: string}}}
stages:
  - id: write
    mode: manual
    form: {type: object, required: [text], additionalProperties: false, properties: {text: {type: string}}}
outputs: {text: "\${{ stages.write.output.text }}"}
`;

const { isPossible } = SmallDisk;
const why = isPossible ? '' : ' (a tmpfs cannot be mounted here)';
const itOnDisk = isPossible ? it : it.skip;

/** F29: the tables of PostgreSQL lie on a disk that fills up; its log and the data directory of the server do not. */
describeWithServices(`a server whose database has no room${why}`, (programs) => {
  let stand: SmallDiskStand;
  let disk: SmallDisk;
  let server: ServerProcess;
  let api: Api;

  beforeAll(async () => {
    if (!isPossible) return;
    stand = await openSmallDiskStand(programs, {
      holds: 'tables',
      bytes: DISK_BYTES,
      template: { name: 'letter', text: TEMPLATE },
    });
    ({ disk, server, api } = stand);
  });
  afterEach(() => disk?.free());
  afterAll(() => stand?.close());

  const submit = (key: string, topic: string) =>
    api.post<RunView & { code?: string }>(
      '/runs',
      { template: 'letter', inputs: { topic } },
      { 'idempotency-key': key },
    );

  itOnDisk(
    'answers 507 and DISK_FULL, loses nothing that it took, and goes on by itself when there is room',
    async () => {
      const waiting = await api.create({ template: 'letter', inputs: { topic: 'Tea' } });
      await api.until(waiting.id, 'input_pending');
      disk.fill(TOO_LITTLE);

      const taken: string[] = [];
      let refused = '';
      for (let count = 0; refused === '' && count < MOST_RUNS; count += 1) {
        const { status, body } = await submit(`key-${count}`, LONG_TEXT);
        if (status === 201) taken.push(body.id);
        else {
          expect({ status, code: body.code }).toEqual({ status: 507, code: 'DISK_FULL' });
          refused = `key-${count}`;
        }
      }
      expect(refused).not.toBe('');
      const before = await api.run(waiting.id);
      const form = { stage: 'write', input: { text: LONG_TEXT } };
      const answer = await api.verb(waiting.id, 'submit-input', form);
      expect({ status: answer.status, code: answer.body['code'] }).toEqual({
        status: 507,
        code: 'DISK_FULL',
      });
      expect(await api.run(waiting.id)).toEqual(before);
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);

      disk.free();
      const again = await submit(refused, LONG_TEXT);
      expect(again.status).toBe(201);
      for (const id of [waiting.id, ...taken, again.body.id]) {
        await api.until(id, 'input_pending');
        expect((await api.verb(id, 'submit-input', form)).status).toBe(200);
        expect((await api.until(id, 'done')).outputs).toEqual({ text: LONG_TEXT });
      }
    },
  );
});
