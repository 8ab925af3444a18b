import { existsSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { RegistryAccess } from '../../config/index.ts';
import { urlForbidden } from '../registry.errors.ts';

/** Where templates come from, checked. `protocol` is the only one that Git may speak for it. */
export interface RegistrySource {
  url: string;
  protocol: 'https' | 'http' | 'ssh' | 'file';
  /** Null for what is open to this process anyway. */
  access: RegistryAccess | null;
}

export interface UrlPolicy {
  /** Local repositories are for the operator's own setting, never for an address that came as data. */
  allowLocal: boolean;
  access: RegistryAccess;
}

const HOST = /^(?!-)[a-z0-9.-]{1,253}$|^\[[0-9a-f:.]+\]$/i;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;
const SSH_USER = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const LONGEST = 2048;

/**
 * Accepts https and ssh addresses, and where the policy allows, repositories of this machine: paths, and plain http to itself. Throws `REGISTRY_URL_FORBIDDEN`
 * for everything else: other transports run commands (`ext::`), options hide as addresses (`--upload-pack`).
 */
export function checkRegistryUrl(url: string, policy: UrlPolicy): RegistrySource {
  if (url.length > LONGEST) throw urlForbidden(`it is longer than ${LONGEST} characters`);
  if (hasForbiddenCharacter(url)) throw urlForbidden('it holds a space, a backslash or a control character');
  if (url.startsWith('-')) throw urlForbidden('it begins with "-" and would be taken for an option');
  if (isAbsolute(url)) return local(url, policy);
  if (!URL.canParse(url)) throw urlForbidden('it is no URL');
  return ofParsed(new URL(url), policy);
}

function hasForbiddenCharacter(url: string): boolean {
  // eslint-disable-next-line no-control-regex -- these are the characters that must not pass
  return /[\u0000-\u0020\u007f\\]/.test(url);
}

function ofParsed(parsed: URL, policy: UrlPolicy): RegistrySource {
  switch (parsed.protocol) {
    case 'https:':
      refuseLogin(parsed);
      refuseQuery(parsed);
      return { url: parsed.href, protocol: 'https', access: policy.access };
    case 'http:':
      return plainHttp(parsed, policy);
    case 'ssh:':
      return ssh(parsed, policy);
    case 'file:':
      if (parsed.host !== '') throw urlForbidden('a file address may not name a host');
      refuseQuery(parsed);
      return local(fileURLToPath(parsed), policy);
    default:
      throw urlForbidden('only https and ssh are spoken');
  }
}

/** What crosses no network needs no encryption. */
function plainHttp(parsed: URL, policy: UrlPolicy): RegistrySource {
  if (!policy.allowLocal || !LOOPBACK.test(parsed.hostname))
    throw urlForbidden('only https and ssh are spoken; plain http is for a Git server on this machine');
  refuseLogin(parsed);
  refuseQuery(parsed);
  return { url: parsed.href, protocol: 'http', access: policy.access };
}

function ssh(parsed: URL, policy: UrlPolicy): RegistrySource {
  if (policy.access.sshKey === null) throw urlForbidden('ssh needs a key, and REGISTRY_SSH_KEY is not set');
  if (parsed.password !== '') throw urlForbidden('it holds a password');
  if (parsed.username !== '' && !SSH_USER.test(parsed.username))
    throw urlForbidden('its user name is not allowed');
  // ssh would read a host that begins with "-" as an option.
  if (!HOST.test(parsed.hostname)) throw urlForbidden('its host is not allowed');
  refuseQuery(parsed);
  return { url: parsed.href, protocol: 'ssh', access: policy.access };
}

function refuseLogin(parsed: URL): void {
  if (parsed.username !== '' || parsed.password !== '')
    throw urlForbidden('it holds a user name or a password');
}

function refuseQuery(parsed: URL): void {
  if (parsed.search !== '' || parsed.hash !== '') throw urlForbidden('it holds a query or a fragment');
}

function local(path: string, policy: UrlPolicy): RegistrySource {
  if (!policy.allowLocal) throw urlForbidden("local paths are for the operator's REGISTRY_URL only");
  const clean = normalize(path);
  const isRepository =
    existsSync(join(clean, '.git')) ||
    (existsSync(join(clean, 'HEAD')) && existsSync(join(clean, 'objects')));
  if (!isRepository) throw urlForbidden('there is no Git repository at that path');
  return { url: clean, protocol: 'file', access: null };
}
