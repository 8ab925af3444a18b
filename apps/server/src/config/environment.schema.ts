import { z } from 'zod';

import { LOG_LEVELS } from './settings.ts';
import type { CommandSetting } from './settings.ts';

/** What `AI_PROVIDER` may name: the provider that the model alias `default` means. */
const PROVIDER_NAMES = ['openai', 'anthropic', 'azure_openai', 'local', 'offline'] as const;

const url = (...schemes: string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), {
      message: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    });

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

/** What a shell would read as it stands. */
const plainFile = () =>
  z.string().regex(/^\/[\w./-]+$/, 'must be an absolute path of letters, digits, ".", "_", "-" and "/"');

const names = (pattern: RegExp, what: string) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((list) => list.every((part) => pattern.test(part)), `must be a comma-separated list of ${what}`);

const HOST_NAME =
  /^\[[0-9a-f:.]+\](:\d{1,5})?$|^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:\d{1,5})?$/i;
const PLUGIN_PACKAGE = /^(@[a-z0-9-]+\/)?[a-z0-9][a-z0-9._-]*$/;
/** `name=/absolute/path`, then `[sub sub]` when only these sub-commands are allowed, then `+network` when it may use it. */
const COMMAND =
  /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})=(\/[^\s,[\]]+?)(?:\[([^\s,[\]]+(?: [^\s,[\]]+)*)\])?(\+network)?$/;

const commands = () =>
  names(COMMAND, 'name=/absolute/path, name=/absolute/path[sub sub], each with or without +network')
    .transform((list) => list.map(commandOf))
    .refine(
      (list) => new Set(list.map(({ name }) => name)).size === list.length,
      'must not name a command twice',
    );

function commandOf(text: string): CommandSetting {
  const [, name = '', path = '', subcommands, network] = COMMAND.exec(text) ?? [];
  return {
    name,
    path,
    subcommands: subcommands?.split(' ') ?? null,
    network: network !== undefined,
  };
}

/** Every setting by its name in the environment. An empty value counts as absent. */
export const environmentSchema = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an IP address')
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('.stagewright'),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  REDIS_URL: url('redis', 'rediss').optional(),
  WORKER_LEASE_SECONDS: wholeNumber(1, 600).default(15),
  REGISTRY_URL: z.string().optional(),
  REGISTRY_REF: z.string().default('main'),
  REGISTRY_WATCH: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((value) => value === 'true'),
  REGISTRY_SYNC_SECONDS: wholeNumber(0, 86_400).default(60),
  REGISTRY_FOLDER: z
    .string()
    .regex(
      /^(?!.*(?:^|\/)\.)[\w.-]+(?:\/[\w.-]+)*$/,
      'must be a folder of the repository, such as content/registry: no "/" at its ends, no part that begins with "."',
    )
    .optional(),
  REGISTRY_SSH_KEY: plainFile().optional(),
  REGISTRY_SSH_KNOWN_HOSTS: plainFile().optional(),
  REGISTRY_USERNAME: z
    .string()
    .regex(/^[\w.@+-]{1,100}$/, 'must be letters, digits and "._@+-"')
    .default('git'),
  REGISTRY_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,2000}$/, 'must be printable characters without blanks')
    .optional(),
  REGISTRY_CA_FILE: plainFile().optional(),
  REGISTRY_WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  SECRET_KEY: z.string().optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: url('https', 'http').optional(),
  OPENAI_MODEL: z.string().optional(),
  AZURE_OPENAI_API_KEY: z.string().optional(),
  AZURE_OPENAI_ENDPOINT: url('https', 'http').optional(),
  AZURE_OPENAI_API_VERSION: z.string().optional(),
  /** Name of the deployment. */
  AZURE_OPENAI_DEPLOYMENT: z.string().optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: url('https', 'http').optional(),
  ANTHROPIC_MODEL: z.string().optional(),
  LOCAL_AI_BASE_URL: url('https', 'http').optional(),
  LOCAL_AI_API_KEY: z.string().optional(),
  LOCAL_AI_MODEL: z.string().optional(),
  LOCAL_AI_STRUCTURED: z
    .enum(['json_schema', 'json_object'], 'must be json_schema or json_object')
    .optional(),
  AI_PROVIDER: z.enum(PROVIDER_NAMES, `must be one of ${PROVIDER_NAMES.join(', ')}`).optional(),
  CLI_LOOP_COMMANDS: commands().default([]),
  EGRESS_ALLOW: names(HOST_NAME, 'hosts, such as api.example.org, *.example.org or 127.0.0.1:8080').default(
    [],
  ),
  STAGEWRIGHT_PLUGINS: names(PLUGIN_PACKAGE, 'package names').default([]),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).optional(),
});

export type ParsedEnvironment = z.output<typeof environmentSchema>;
export const SETTING_NAMES = Object.keys(environmentSchema.shape);
