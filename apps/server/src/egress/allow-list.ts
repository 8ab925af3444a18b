import { isIP } from 'node:net';

import { reachOf } from './address-reach.ts';
import { egressErrors } from './egress.errors.ts';
import { bareHost, portOf } from './target.ts';

/** Where a request wants to go: the parts of a URL that decide. */
export type Destination = Pick<URL, 'protocol' | 'hostname' | 'port'>;

/** What lets a destination through, and how far its addresses may reach. */
export interface Permit {
  addresses: 'public' | 'public-or-private';
}

/** The permit for a destination; undefined means refused. Nothing is allowed that no entry names. */
export type AllowList = (destination: Destination) => Permit | undefined;

/** `*.` or nothing, a name or an address (IPv6 in brackets), a port or nothing. */
const ENTRY = /^(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)(?::(\d{1,5}))?$/i;
const USUAL_PORTS: readonly number[] = [80, 443];

interface Entry extends Permit {
  host: string;
  below: boolean;
  ports: readonly number[];
}

/**
 * The allow-list that `EGRESS_ALLOW` says: `api.example.org` and `*.example.org` (any name below, not itself) on ports 80 and
 * 443, or with `:port` on that port alone. A private address is allowed by its literal and port only. Throws
 * `CONFIG_INVALID`.
 */
export function allowHosts(entries: readonly string[]): AllowList {
  const parsed = entries.map(parseEntry);
  return (destination) => {
    const port = portOf(destination);
    return parsed.find((entry) => matches(entry, destination.hostname) && entry.ports.includes(port));
  };
}

/**
 * The origins that an operator configured a service at, by scheme, host and port. They are trusted to be in a private
 * network; an address that is never called stays refused.
 */
export function allowOrigins(
  baseUrls: readonly string[],
  addresses: Permit['addresses'] = 'public-or-private',
): AllowList {
  const origins = new Set(baseUrls.map((url) => originOf(new URL(url))));
  return (destination) => (origins.has(originOf(destination)) ? { addresses } : undefined);
}

/** Scheme, host and any unusual port: the same for a URL and for what a connection is asked for. */
export function originOf(destination: Destination): string {
  const { protocol, hostname } = destination;
  const port = portOf(destination);
  return port === portOf({ protocol, port: '' })
    ? `${protocol}//${hostname}`
    : `${protocol}//${hostname}:${port}`;
}

function matches(entry: Entry, hostname: string): boolean {
  return entry.below ? hostname.endsWith(`.${entry.host}`) : hostname === entry.host;
}

function parseEntry(text: string): Entry {
  const [, star, host = '', digits] = ENTRY.exec(text) ?? [];
  const normal = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  const port = digits === undefined ? null : Number(digits);
  if (
    host === '' ||
    normal !== host.toLowerCase() ||
    normal.endsWith('.') ||
    port === 0 ||
    (port ?? 0) > 65_535
  )
    throw egressErrors.allowInvalid(text, 'is not a host with an optional port');
  const below = star !== undefined;
  const address = bareHost(normal);
  if (isIP(address) === 0) return { host: normal, below, ports: portsOf(port), addresses: 'public' };
  if (below) throw egressErrors.allowInvalid(text, 'puts *. before an address');
  const reach = reachOf(address);
  if (reach === 'never') throw egressErrors.allowInvalid(text, 'is an address that is never called');
  if (reach === 'private' && port === null)
    throw egressErrors.allowInvalid(text, 'is a private address and needs its port');
  const addresses = reach === 'private' ? 'public-or-private' : 'public';
  return { host: normal, below, ports: portsOf(port), addresses };
}

function portsOf(port: number | null): readonly number[] {
  return port === null ? USUAL_PORTS : [port];
}
