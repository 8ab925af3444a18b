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
  const { access, webhookSecret } = settings.registry;
  const login = access.token === null ? null : basicLogin(access.username, access.token);
  return [settings.secretKey, ...passwords, access.token, login, webhookSecret]
    .filter((value): value is string => value !== null && value !== '')
    .concat(aiSecrets(settings.ai));
}

/** User name and password as HTTP sends them. */
export function basicLogin(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
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
