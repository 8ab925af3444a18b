import { basicLogin, searchPath } from '../../config/index.ts';
import type { RegistryAccess } from '../../config/index.ts';
import type { RegistrySource } from '../source/registry-url.ts';

/**
 * The whole environment of every Git process: nothing of the server's own gets through (keys, proxies, askpass), and
 * neither the system's nor a user's Git configuration is read.
 */
export function gitEnvironment(source?: RegistrySource): Record<string, string> {
  return {
    PATH: searchPath(),
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    ...(source === undefined ? {} : accessVariables(source)),
  };
}

/** In the environment and not among the arguments, which every user of the machine can read. */
function accessVariables({ url, protocol, access }: RegistrySource): Record<string, string> {
  if (access === null) return {};
  if (protocol === 'ssh') return { GIT_SSH_COMMAND: sshCommand(access) };
  const { username, token, caFile } = access;
  return {
    ...(caFile === null ? {} : { GIT_SSL_CAINFO: caFile }),
    ...(token === null
      ? {}
      : {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
          GIT_CONFIG_VALUE_0: `Authorization: Basic ${basicLogin(username, token)}`,
        }),
  };
}

/** Names of it that simple-git would otherwise strip as guarded. */
export const GIT_VARIABLES = [
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_GLOBAL',
  'GIT_TERMINAL_PROMPT',
  'GIT_OPTIONAL_LOCKS',
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_KEY_0',
  'GIT_CONFIG_VALUE_0',
];

/**
 * Configuration of every Git command. Nothing in a repository may start a program: no hooks, no file-system monitor,
 * no transport but the one of the source, no redirect to another host.
 */
export function gitConfig(protocol?: RegistrySource['protocol']): string[] {
  return [
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    // What receives a push would ask it about the objects that were there before.
    'core.alternateRefsCommand=true',
    'core.bigFileThreshold=1m',
    'protocol.allow=never',
    ...(protocol === undefined ? [] : [`protocol.${protocol}.allow=always`]),
    'http.followRedirects=false',
    'http.lowSpeedLimit=1000',
    'http.lowSpeedTime=20',
    'fetch.recurseSubmodules=false',
    'submodule.recurse=false',
    'gc.auto=0',
    'maintenance.auto=false',
  ];
}

/**
 * simple-git refuses these categories because their values could come from data. Here every value is one of the
 * constants above, and each of them closes a door.
 */
export const FIXED_BY_US = {
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeSshCommand: true,
} as const;

/** The paths were checked by the settings: letters, digits and `._-/` only, so they need no quoting. */
function sshCommand({ sshKey, knownHosts }: RegistryAccess): string {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=yes',
    'ConnectTimeout=15',
    ...(knownHosts === null ? [] : [`UserKnownHostsFile=${knownHosts}`]),
  ];
  return [
    'ssh',
    '-F',
    '/dev/null',
    ...(sshKey === null ? [] : ['-i', sshKey]),
    ...options.flatMap((option) => ['-o', option]),
  ].join(' ');
}
