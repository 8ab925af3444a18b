import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ProvenanceStatement } from '@stagewright/client';
import { saveProvenance, verifyProvenance } from './provenance-files.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
const TYPE = 'application/vnd.in-toto+json';

function signed(statement: object) {
  const payload = Buffer.from(JSON.stringify(statement));
  const text = Buffer.concat([Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `), payload]);
  const sig = sign(null, text, privateKey).toString('base64');
  return { payloadType: TYPE, payload: payload.toString('base64'), signatures: [{ keyid: 'k', sig }] };
}

function statementAbout(content: string): ProvenanceStatement {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { subject: [{ name: 'book.epub', digest: { sha256 } }] } as ProvenanceStatement;
}

describe('a file with its provenance', () => {
  let path: string;
  beforeEach(async () => {
    path = join(mkdtempSync(join(tmpdir(), 'provenance-')), 'book.epub');
    writeFileSync(path, 'the book');
    const statement = statementAbout('the book');
    await saveProvenance(path, { statement, envelope: signed(statement) });
  });
  const broken = (key = pem) =>
    expect(verifyProvenance(path, key)).rejects.toMatchObject({ code: 'PROVENANCE_BROKEN' });

  it('is what it says', async () => {
    expect(await verifyProvenance(path, pem)).toEqual(statementAbout('the book'));
  });

  it('is not, when the file was changed', async () => {
    writeFileSync(path, 'the book, and a word');
    await broken();
  });

  it('is not, when the statement was changed, or is another document of the same signer', async () => {
    const envelope = {
      ...signed(statementAbout('the book')),
      payload: signed(statementAbout('another')).payload,
    };
    writeFileSync(`${path}.provenance.dsse.json`, JSON.stringify(envelope));
    await broken();
    const other = { ...signed(statementAbout('the book')), payloadType: 'text/plain' };
    writeFileSync(`${path}.provenance.dsse.json`, JSON.stringify(other));
    await broken();
  });

  it('is not, under another key, or none', async () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    await broken(other.export({ format: 'pem', type: 'spki' }).toString());
    await broken('not a key');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    await broken(rsa.export({ format: 'pem', type: 'spki' }).toString());
  });

  it.each(['', 'null', '{}', '[]', '{"payload":"x","signatures":7}'])(
    'is not, when %j lies beside it',
    async (text) => {
      writeFileSync(`${path}.provenance.dsse.json`, text);
      await broken();
    },
  );
});
