import { resolve } from 'node:path';

import { secretKeyInsecure, settingsInvalid } from './config.errors.ts';
import type { SettingProblem } from './config.errors.ts';
import { environmentSchema } from './environment.schema.ts';
import type { ParsedEnvironment } from './environment.schema.ts';
import { readEnvironment, unknownNames } from './environment.ts';
import { keptSecret } from './kept-secret.ts';
import type { Environment, Settings } from './settings.ts';

export interface SettingsSource {
  /** Folder that `.env` and relative paths are taken from. Default: the working directory. */
  cwd?: string;
  /** Read instead of the process environment and `.env`. */
  environment?: Environment;
  /** Win over everything else: flags of a command line. */
  overrides?: Environment;
}

/**
 * Reads and checks every setting, once. Throws `CONFIG_INVALID` with all bad names, or `CONFIG_INSECURE` for a weak or
 * missing SECRET_KEY. Makes the data directory when it has to keep a key there.
 */
export function loadSettings(source: SettingsSource = {}): Settings {
  const cwd = source.cwd ?? process.cwd();
  const { environment, file } =
    source.environment === undefined ? readEnvironment(cwd) : { environment: source.environment, file: {} };
  const given = withoutBlanks({ ...environment, ...withoutBlanks(source.overrides ?? {}) });
  const parsed = environmentSchema.safeParse(given);
  const problems = [
    ...(parsed.success ? contradictions(parsed.data) : parsed.error.issues.map(toProblem)),
    ...unknownNames(given, file),
  ];
  if (!parsed.success || problems.length > 0) throw settingsInvalid(problems);
  return toSettings(parsed.data, cwd);
}

/** What runs without a server go by: AI services and commands. Throws `CONFIG_INVALID`; makes nothing. */
export function loadHermeticSettings(
  source: Pick<SettingsSource, 'cwd' | 'environment'> = {},
): Pick<Settings, 'ai' | 'cliLoopCommands'> {
  const environment = source.environment ?? readEnvironment(source.cwd ?? process.cwd()).environment;
  const parsed = environmentSchema.safeParse(withoutBlanks(environment));
  if (!parsed.success) throw settingsInvalid(parsed.error.issues.map(toProblem));
  return { ai: aiSettings(parsed.data), cliLoopCommands: parsed.data.CLI_LOOP_COMMANDS };
}

function withoutBlanks(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
}

function toProblem(issue: { path: PropertyKey[]; message: string }): SettingProblem {
  return { name: String(issue.path[0] ?? 'settings'), message: issue.message };
}

function contradictions(env: ParsedEnvironment): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (env.REDIS_URL !== undefined && env.DATABASE_URL === undefined) {
    problems.push({
      name: 'REDIS_URL',
      message: 'needs DATABASE_URL: a queue that several servers share needs a database that they share',
    });
  }
  if ((env.AZURE_OPENAI_API_KEY === undefined) !== (env.AZURE_OPENAI_ENDPOINT === undefined)) {
    const missing = env.AZURE_OPENAI_API_KEY === undefined ? 'AZURE_OPENAI_API_KEY' : 'AZURE_OPENAI_ENDPOINT';
    problems.push({ name: missing, message: 'is missing: Azure OpenAI needs both its key and its endpoint' });
  }
  return problems;
}

function toSettings(env: ParsedEnvironment, cwd: string): Settings {
  const embedded = env.DATABASE_URL === undefined;
  const dataDir = resolve(cwd, env.DATA_DIR);
  return Object.freeze({
    mode: embedded ? 'embedded' : 'distributed',
    http: { host: env.HOST, port: env.PORT },
    dataDir,
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    workerLeaseMs: env.WORKER_LEASE_SECONDS * 1_000,
    registry: {
      url: env.REGISTRY_URL ?? null,
      ref: env.REGISTRY_REF,
      watch: env.REGISTRY_WATCH,
      syncSeconds: env.REGISTRY_SYNC_SECONDS,
      folder: env.REGISTRY_FOLDER ?? null,
      access: {
        sshKey: env.REGISTRY_SSH_KEY ?? null,
        knownHosts: env.REGISTRY_SSH_KNOWN_HOSTS ?? null,
        username: env.REGISTRY_USERNAME,
        token: env.REGISTRY_TOKEN ?? null,
        caFile: env.REGISTRY_CA_FILE ?? null,
      },
      webhookSecret: env.REGISTRY_WEBHOOK_SECRET ?? null,
    },
    secretKey: secretKey(env.SECRET_KEY, embedded, dataDir),
    ai: aiSettings(env),
    cliLoopCommands: env.CLI_LOOP_COMMANDS,
    egressAllow: env.EGRESS_ALLOW,
    plugins: env.STAGEWRIGHT_PLUGINS,
    // A terminal of one person stays readable; a fleet is watched by its logs.
    logLevel: env.LOG_LEVEL ?? (embedded ? 'warn' : 'info'),
  } satisfies Settings);
}

function aiSettings(env: ParsedEnvironment): Settings['ai'] {
  const {
    OPENAI_API_KEY,
    ANTHROPIC_API_KEY,
    AZURE_OPENAI_API_KEY,
    AZURE_OPENAI_ENDPOINT,
    LOCAL_AI_BASE_URL,
  } = env;
  return {
    ...(OPENAI_API_KEY === undefined
      ? {}
      : { openai: { apiKey: OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL, model: env.OPENAI_MODEL } }),
    ...(ANTHROPIC_API_KEY === undefined
      ? {}
      : {
          anthropic: {
            apiKey: ANTHROPIC_API_KEY,
            baseUrl: env.ANTHROPIC_BASE_URL,
            model: env.ANTHROPIC_MODEL,
          },
        }),
    ...(AZURE_OPENAI_API_KEY === undefined || AZURE_OPENAI_ENDPOINT === undefined
      ? {}
      : {
          azureOpenai: {
            apiKey: AZURE_OPENAI_API_KEY,
            endpoint: AZURE_OPENAI_ENDPOINT,
            apiVersion: env.AZURE_OPENAI_API_VERSION,
            deployment: env.AZURE_OPENAI_DEPLOYMENT,
          },
        }),
    ...(LOCAL_AI_BASE_URL === undefined
      ? {}
      : {
          local: {
            baseUrl: LOCAL_AI_BASE_URL,
            apiKey: env.LOCAL_AI_API_KEY,
            model: env.LOCAL_AI_MODEL,
            structured: env.LOCAL_AI_STRUCTURED,
          },
        }),
    ...(env.AI_PROVIDER === undefined ? {} : { prefer: env.AI_PROVIDER }),
  };
}

const LEAST_KEY_BYTES = 32;
/** Fewer different characters than this in a long key mean a pattern, not randomness. */
const LEAST_KEY_VARIETY = 10;
const KEYS_FROM_EXAMPLES =
  /change.?me|secret.?key|your.?(secret|key)|example|password|default|insecure|0123456789abcdef0123456789abcdef/i;

function secretKey(given: string | undefined, embedded: boolean, dataDir: string): string {
  if (given === undefined) {
    if (!embedded) throw secretKeyInsecure('is not set, and several servers must share one');
    return keptSecret(dataDir, 'secret-key');
  }
  if (Buffer.byteLength(given) < LEAST_KEY_BYTES)
    throw secretKeyInsecure(`is shorter than ${LEAST_KEY_BYTES} bytes`);
  if (new Set(given).size < LEAST_KEY_VARIETY || KEYS_FROM_EXAMPLES.test(given)) {
    throw secretKeyInsecure('is a default or a pattern that others can guess');
  }
  return given;
}
