import { verify } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@stagewright/engine';
import type { Json, ProvenanceStatement } from '@stagewright/engine';
import { aiStage, planOf, plansOf, scriptedRouter, ScriptedAiProvider } from '@stagewright/engine/testing';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { as, openRunsApp } from '../../../../test/support/runs-app.ts';
import type { RunsApp } from '../../../../test/support/runs-app.ts';
import { StoredArtifacts } from '../artifacts/stored-artifacts.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { ProvenanceModule } from './provenance.module.ts';
import { SigningKey } from './signing-key.ts';
import type { Envelope, PublicKey } from './signing-key.ts';

const plan = planOf([aiStage('text')]);
const ada = as('ada');
const eve = as('eve', { workspace: 'other' });

describeOnEachDatabase(describe, 'the provenance of a file', ({ open }) => {
  let db: OpenDatabase;
  let server: RunsApp;
  let artifact: string;
  let upload: string;

  const get = async (path: string, headers = ada) => {
    const response = await fetch(`${server.url}${path}`, { headers });
    return { status: response.status, body: await response.json() };
  };

  beforeAll(async () => {
    db = await open();
    const ai = scriptedRouter(new ScriptedAiProvider(() => 'text of a model'));
    server = await openRunsApp({ db, plans: plansOf(plan), ai, features: [RunsModule, ProvenanceModule] });
    const created = await fetch(`${server.url}/runs`, {
      method: 'POST',
      headers: { ...ada, 'content-type': 'application/json' },
      body: JSON.stringify({ template: 'test', inputs: {} }),
    });
    const { id } = (await created.json()) as { id: string };
    for (let tries = 0; tries < 200; tries += 1) {
      if (((await get(`/runs/${id}`)).body as { state: string }).state === 'done') break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const store = server.app.get(StoredArtifacts);
    const file = {
      name: 'a.txt',
      type: 'file',
      mediaType: 'text/plain',
      content: new TextEncoder().encode('a'),
    };
    const origin = { id, stage: 'text', task: 'text', attempt: 1 };
    ({ artifact } = await store.put(file, { workspace: 'w', run: origin, metadata: {} }));
    ({ artifact: upload } = await store.put(file, { workspace: 'w', run: null, metadata: {} }));
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await db.close();
  }, 60_000);

  it('is a statement about its bytes, with the model that answered', async () => {
    const { status, body } = await get(`/artifacts/${artifact}/provenance`);
    expect(status).toBe(200);
    const { subject, predicate } = body as ProvenanceStatement;
    expect(subject).toEqual([
      {
        name: 'a.txt',
        digest: { sha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb' },
      },
    ]);
    expect(predicate.steps).toMatchObject([{ task: 'text', provider: 'scripted', model: 'default-model' }]);
    expect(predicate.decisions).toMatchObject([{ decision: 'started', by: { kind: 'user', id: 'ada' } }]);
    expect(await get(`/artifacts/${artifact}/provenance`)).toEqual({ status, body });
  });

  it('is signed with the key that the server shows', async () => {
    const statement = (await get(`/artifacts/${artifact}/provenance`)).body as Json;
    const { payloadType, payload, signatures } = (await get(`/artifacts/${artifact}/provenance/signed`))
      .body as Envelope;
    const key = (await get('/provenance/key')).body as PublicKey;
    const bytes = Buffer.from(payload, 'base64');
    expect(bytes.toString()).toBe(canonicalJson(statement));
    const signed = Buffer.concat([
      Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${bytes.length} `),
      bytes,
    ]);
    expect(signatures.map(({ keyid }) => keyid)).toEqual([key.keyid]);
    expect(verify(null, signed, key.pem, Buffer.from(signatures[0]?.sig ?? '', 'base64'))).toBe(true);
    expect(JSON.stringify(key)).not.toContain('PRIVATE');
  });

  it.each(['provenance', 'provenance/signed'])('is nobody else’s business: /%s', async (what) => {
    expect(await get(`/artifacts/${artifact}/${what}`, eve)).toMatchObject({
      status: 404,
      body: { code: 'ARTIFACT_NOT_FOUND' },
    });
    expect(await get(`/artifacts/nowhere/${what}`)).toMatchObject({
      status: 404,
      body: { code: 'ARTIFACT_NOT_FOUND' },
    });
    expect(await get(`/artifacts/${upload}/${what}`)).toMatchObject({
      status: 404,
      body: { code: 'PROVENANCE_NOT_FOUND' },
    });
  });
});

describe('the key of a server', () => {
  it('is the same for the same SECRET_KEY, and another one for another', () => {
    const [one, same, other] = ['s'.repeat(32), 's'.repeat(32), 't'.repeat(32)].map(
      (secret) => new SigningKey(secret),
    );
    expect(same?.public).toEqual(one?.public);
    expect(other?.public.keyid).not.toBe(one?.public.keyid);
    expect(same?.envelope('a', 'b')).toEqual(one?.envelope('a', 'b'));
  });
});
