import addFormats from 'ajv-formats';
import type { Ajv2020 } from 'ajv/dist/2020.js';

/** Formats a contract may name. Closed, so that a misspelled format is found instead of ignored. */
export const FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uuid',
  'json-pointer',
] as const;

/** Id of an uploaded or produced file. */
export const ARTIFACT_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

export function installFormats(ajv: Ajv2020): void {
  addFormats.default(ajv, { mode: 'full', formats: [...FORMATS] });
  ajv.addFormat('artifact', { type: 'string', validate: (text: string) => ARTIFACT_ID.test(text) });
}
