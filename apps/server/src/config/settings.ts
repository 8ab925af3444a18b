import type { InjectionToken } from '@nestjs/common';

import type { AiSettings } from '../providers/index.ts';

/** Names and values as the operating system gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that can be set, validated and typed. Made once at start and never changed. */
export interface Settings {
  /** `embedded` when neither DATABASE_URL nor REDIS_URL is given. */
  readonly mode: 'embedded' | 'distributed';
  readonly http: HttpSettings;
  /** Absolute path. */
  readonly dataDir: string;
  /** Null: PGlite in the data directory. */
  readonly databaseUrl: string | null;
  /** Null: work is dispatched in this process. */
  readonly redisUrl: string | null;
  /** How long others wait for a worker that says nothing before they take its work over, in milliseconds. */
  readonly workerLeaseMs: number;
  readonly registry: RegistrySettings;
  /** At least 32 bytes of key material. */
  readonly secretKey: string;
  /** Services that are set up; none means the offline provider. */
  readonly ai: AiSettings;
  /** Commands that `cli_loop` stages may run; none by default. */
  readonly cliLoopCommands: readonly CommandSetting[];
  /** Hosts that actions may reach; none by default. */
  readonly egressAllow: readonly string[];
  /** Names of further plugin packages; none by default. */
  readonly plugins: readonly string[];
  readonly logLevel: LogLevel;
}

/** A command as the operator writes it down. */
export interface CommandSetting {
  /** What templates call it. */
  readonly name: string;
  /** Absolute path of its file. */
  readonly path: string;
  /** First arguments that are allowed; null allows any. */
  readonly subcommands: readonly string[] | null;
  /** Whether it may use the network where that can be shut. */
  readonly network: boolean;
}

export interface HttpSettings {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export interface RegistrySettings {
  /** Null: the registry that ships with the product. */
  readonly url: string | null;
  readonly ref: string;
  /** The address is a folder, and is read as it is instead of at a commit. */
  readonly watch: boolean;
  /** Seconds between two looks at the registry; 0 looks at start and on request only. */
  readonly syncSeconds: number;
  /** Folder of the repository that is the registry; null: the whole repository. */
  readonly folder: string | null;
  readonly access: RegistryAccess;
  /** What the Git host signs its webhooks with; null takes none. */
  readonly webhookSecret: string | null;
}

/** What opens a repository that is not open to everyone. */
export interface RegistryAccess {
  /** Private key file, for `ssh://`. */
  readonly sshKey: string | null;
  /** File of host keys, for `ssh://`; null: those that the system knows. */
  readonly knownHosts: string | null;
  readonly username: string;
  /** Access token, for `https://`. */
  readonly token: string | null;
  /** File of certificates that are trusted besides the system's, for `https://`. */
  readonly caFile: string | null;
}

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Injection token of the `Settings`. */
export const SETTINGS: InjectionToken<Settings> = Symbol('Settings');
