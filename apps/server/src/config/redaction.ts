import type { Settings } from './settings.ts';

/** Paths that the logger blanks, wherever a logged object carries them. */
export const REDACTED_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'res.headers["set-cookie"]',
  '*.authorization',
  '*.apiKey',
  '*.secretKey',
  '*.token',
  '*.password',
];

/** Values that must not appear in any text that leaves the process: keys, and passwords inside addresses. */
export function secretValues(settings: Settings): string[] {
  const passwords = [settings.databaseUrl, settings.redisUrl].map((url) =>
    url === null ? '' : new URL(url).password,
  );
  return [settings.secretKey, ...passwords].filter((value) => value !== '').concat(aiSecrets(settings.ai));
}

/** The keys of AI services. */
export function aiSecrets({ openai, azureOpenai, anthropic, local }: Settings['ai']): string[] {
  const keys = [openai?.apiKey, azureOpenai?.apiKey, anthropic?.apiKey, local?.apiKey];
  return keys.filter((value): value is string => typeof value === 'string' && value !== '');
}

/** The text with every secret value replaced. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}
