import { searchPath } from '../config/index.ts';
import type { RegistrySource } from './registry-url.ts';

/**
 * The whole environment of every Git process: nothing of the server's own gets through (keys, proxies, askpass), and
 * neither the system's nor a user's Git configuration is read.
 */
export function gitEnvironment(source?: Pick<RegistrySource, 'protocol' | 'sshKey'>): Record<string, string> {
  return {
    PATH: searchPath(),
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    ...(source?.protocol === 'ssh' ? { GIT_SSH_COMMAND: sshCommand(source.sshKey) } : {}),
  };
}

/** Names of it that simple-git would otherwise strip as guarded. */
export const GIT_VARIABLES = [
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_GLOBAL',
  'GIT_TERMINAL_PROMPT',
  'GIT_OPTIONAL_LOCKS',
  'GIT_SSH_COMMAND',
];

/**
 * Configuration of every Git command. Nothing in a repository may start a program: no hooks, no file-system monitor,
 * no transport but the one of the source, no redirect to another host.
 */
export function gitConfig(protocol?: RegistrySource['protocol']): string[] {
  return [
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
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
  allowUnsafeSshCommand: true,
} as const;

/** The path was checked by the settings: letters, digits and `._-/` only, so it needs no quoting. */
function sshCommand(key: string | null): string {
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'ConnectTimeout=15'];
  return [
    'ssh',
    '-F',
    '/dev/null',
    ...(key === null ? [] : ['-i', key]),
    ...options.flatMap((option) => ['-o', option]),
  ].join(' ');
}
