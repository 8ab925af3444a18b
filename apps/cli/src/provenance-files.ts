import { createHash, createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Envelope, ProvenanceStatement } from '@stagewright/client';
import { provenanceBroken } from './cli.errors.ts';

/** What lies beside a file: the statement to read, and the same signed, for programs. */
export const STATEMENT_SUFFIX = '.provenance.json';
export const ENVELOPE_SUFFIX = '.provenance.dsse.json';

/** Writes both beside the file. Gives the paths. */
export async function saveProvenance(
  path: string,
  { statement, envelope }: { statement: ProvenanceStatement; envelope: Envelope },
): Promise<string[]> {
  const files = [
    { path: `${path}${STATEMENT_SUFFIX}`, content: statement },
    { path: `${path}${ENVELOPE_SUFFIX}`, content: envelope },
  ];
  for (const file of files) await writeFile(file.path, `${JSON.stringify(file.content, null, 2)}\n`);
  return files.map((file) => file.path);
}

/**
 * The statement of a file, when its signature is that of the key and its subject is this very file. Throws `PROVENANCE_BROKEN` with what does
 * not fit.
 */
export async function verifyProvenance(path: string, pem: string): Promise<ProvenanceStatement> {
  const envelope = await readEnvelope(`${path}${ENVELOPE_SUFFIX}`);
  const payload = Buffer.from(envelope.payload, 'base64');
  if (!isSigned(envelope, payload, pem)) throw provenanceBroken(path, 'the signature is not that of the key');
  const statement = JSON.parse(payload.toString()) as ProvenanceStatement;
  const digest = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const isSubject = statement.subject.some((subject) => subject.digest.sha256 === digest);
  if (!isSubject)
    throw provenanceBroken(path, `the statement is about other bytes than those of ${basename(path)}`);
  return statement;
}

async function readEnvelope(path: string): Promise<Envelope> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw provenanceBroken(path, 'there is no such file');
  }
  const isEnvelope = (value: unknown): value is Envelope =>
    typeof value === 'object' &&
    value !== null &&
    'payload' in value &&
    'signatures' in value &&
    Array.isArray(value.signatures);
  try {
    const value: unknown = JSON.parse(text);
    if (isEnvelope(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw provenanceBroken(path, 'it is no signed statement');
}

/** After the DSSE specification: type and bytes are signed together with their lengths. */
function isSigned({ payloadType, signatures }: Envelope, payload: Buffer, pem: string): boolean {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  const signed = Buffer.concat([Buffer.from(head), payload]);
  const key = publicKeyOf(pem);
  return signatures.some(({ sig }) => verify(null, signed, key, Buffer.from(sig, 'base64')));
}

function publicKeyOf(pem: string): KeyObject {
  const key = parsedKey(pem);
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw provenanceBroken('the key', 'it is no Ed25519 public key in PEM');
}

function parsedKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}
