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
  const { openai, azureOpenai, anthropic, local } = settings.ai;
  const passwords = [settings.databaseUrl, settings.redisUrl].map((url) =>
    url === null ? '' : new URL(url).password,
  );
  const keys = [
    settings.secretKey,
    openai?.apiKey,
    azureOpenai?.apiKey,
    anthropic?.apiKey,
    local?.apiKey ?? undefined,
  ];
  return [...keys, ...passwords].filter((value): value is string => value !== undefined && value !== '');
}

/** The text with every secret value replaced. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}
