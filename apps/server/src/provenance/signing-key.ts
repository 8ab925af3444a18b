import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PURPOSE = 'stagewright provenance signing key';

/** A signed document, after the DSSE specification (secure-systems-lab/dsse, v1). */
export interface Envelope {
  payloadType: string;
  /** Base64 of the bytes that were signed. */
  payload: string;
  signatures: Array<{ keyid: string; sig: string }>;
}

export interface PublicKey {
  /** sha256 of the key's DER, in hex: what envelopes name. */
  keyid: string;
  algorithm: 'ed25519';
  /** SPKI, as PEM. */
  pem: string;
}

/**
 * The server's own signature. The key is derived from SECRET_KEY (HKDF), so that all processes of an installation sign as
 * one, and there is no second secret to keep.
 */
export class SigningKey {
  readonly public: PublicKey;
  readonly #private: KeyObject;

  constructor(secretKey: string) {
    const seed = Buffer.from(hkdfSync('sha256', secretKey, '', PURPOSE, 32));
    this.#private = createPrivateKey({
      key: Buffer.concat([PKCS8_PREFIX, seed]),
      format: 'der',
      type: 'pkcs8',
    });
    const publicKey = createPublicKey(this.#private);
    const der = publicKey.export({ format: 'der', type: 'spki' });
    this.public = {
      keyid: createHash('sha256').update(der).digest('hex'),
      algorithm: 'ed25519',
      pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    };
  }

  /** The same text gives the same envelope: Ed25519 draws nothing by chance. */
  envelope(payloadType: string, text: string): Envelope {
    const payload = Buffer.from(text);
    const sig = sign(null, preAuthEncoding(payloadType, payload), this.#private).toString('base64');
    return {
      payloadType,
      payload: payload.toString('base64'),
      signatures: [{ keyid: this.public.keyid, sig }],
    };
  }
}

/** What is signed: type and bytes with their lengths, so that neither can be taken for the other. */
function preAuthEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `),
    payload,
  ]);
}
