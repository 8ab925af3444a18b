import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';

import { buildConnector } from 'undici';

import { reachOf } from './address-reach.ts';
import { originOf } from './allow-list.ts';
import type { AllowList, Permit } from './allow-list.ts';
import { egressErrors } from './egress.errors.ts';
import { bareHost } from './target.ts';

/** Every address of a name, as the name service gives them. */
export type Resolve = (hostname: string) => Promise<string[]>;

export type Connect = buildConnector.connector;
type Wanted = buildConnector.Options;
type Connected = Parameters<buildConnector.Callback>;

export interface ConnectorParts {
  allow: AllowList;
  resolve?: Resolve;
  /** Opens the connection to a checked address. Default: undici's own, over TCP and TLS. */
  connect?: Connect;
}

/** Milliseconds for one address to take the connection, TLS included. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Addresses of a name that are tried, one after another. */
const MOST_ADDRESSES = 4;

/**
 * Opens every connection of the egress client: the last look at where it goes, and the only one that counts. A name is
 * resolved once, all its addresses must be permitted, and the connection goes to one of those very addresses; TLS still
 * asks for the name. Literals are checked here too, because no resolver is ever asked about them.
 */
export function guardedConnector({ allow, resolve = systemResolve, connect }: ConnectorParts): Connect {
  const open =
    connect ?? buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false, rejectUnauthorized: true });
  return (wanted, callback) => {
    permittedAddresses(wanted, allow, resolve).then(
      (addresses) => tryInTurn(open, wanted, addresses, callback),
      (error: unknown) => callback(asError(error), null),
    );
  };
}

/** The addresses to connect to. Throws `EGRESS_BLOCKED`, or `UPSTREAM_UNREACHABLE` for a name that nobody knows. */
async function permittedAddresses(wanted: Wanted, allow: AllowList, resolve: Resolve): Promise<string[]> {
  const host = bareHost(wanted.hostname);
  // undici takes the brackets off; the lists know hosts as URLs write them.
  const destination = { ...wanted, hostname: isIPv6(host) ? `[${host}]` : host };
  const origin = originOf(destination);
  const permit = allow(destination);
  if (permit === undefined) throw egressErrors.notAllowed(origin);
  const addresses = isIP(host) === 0 ? await resolved(origin, host, resolve) : [host];
  if (!addresses.every((address) => isPermitted(address, permit))) throw egressErrors.addressRefused(origin);
  return addresses.slice(0, MOST_ADDRESSES);
}

async function resolved(origin: string, host: string, resolve: Resolve): Promise<string[]> {
  const addresses = await resolve(host).catch((): string[] => []);
  if (addresses.length === 0) throw egressErrors.nameUnknown(origin);
  return addresses;
}

function isPermitted(address: string, permit: Permit): boolean {
  const reach = reachOf(address);
  return reach === 'public' || (reach === 'private' && permit.addresses === 'public-or-private');
}

function tryInTurn(
  open: Connect,
  wanted: Wanted,
  addresses: string[],
  callback: buildConnector.Callback,
): void {
  const [address = '', ...rest] = addresses;
  const host = bareHost(wanted.hostname);
  const named = wanted.protocol === 'https:' && isIP(host) === 0;
  open({ ...wanted, hostname: address, ...(named ? { servername: host } : {}) }, (...outcome: Connected) => {
    const [error] = outcome;
    if (error === null) callback(null, outcome[1]);
    else if (rest.length > 0) tryInTurn(open, wanted, rest, callback);
    else callback(error, null);
  });
}

async function systemResolve(hostname: string): Promise<string[]> {
  const answers = await lookup(hostname, { all: true });
  return answers.map(({ address }) => address);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
