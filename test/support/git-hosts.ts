/** Git hosts of a test's own: Git's smart HTTP behind a small server, with or without TLS, and OpenSSH. All of them listen on 127.0.0.1. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port.ts';

/** Programs that are not on every machine. `.ci/run` installs them and asks for them. */
export const hostTools = {
  openssl: spawnSync('openssl', ['version']).status === 0,
  sshd: existsSync('/usr/sbin/sshd') && spawnSync('ssh-keygen', ['-?']).error === undefined,
};
if (process.env['REQUIRE_VALIDATORS'] === '1' && Object.values(hostTools).includes(false))
  throw new Error(`Programs are missing: ${JSON.stringify(hostTools)}. Install openssl and openssh-server.`);

export interface GitHost {
  /** Address of the repositories, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpHostOptions {
  /** `user:password` that every request must carry. */
  login?: string;
  /** 0 takes a free one. */
  port?: number;
  tls?: { key: Buffer; cert: Buffer };
}

/** Serves the bare repositories in a folder through `git http-backend`. */
export async function startHttpHost(folder: string, options: HttpHostOptions = {}): Promise<GitHost> {
  const wanted =
    options.login === undefined ? null : `Basic ${Buffer.from(options.login).toString('base64')}`;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (wanted !== null && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    runBackend(folder, request, response);
  };
  const server: Server =
    options.tls === undefined ? createHttpServer(answer) : createHttpsServer(options.tls, answer);
  await new Promise<void>((listening) => server.listen(options.port ?? 0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http${options.tls === undefined ? '' : 's'}://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** As a web server runs a CGI program: the head of its answer ends with an empty line. */
function runBackend(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const header = (name: string): string => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: 'git',
      REMOTE_ADDR: '127.0.0.1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    child.stdout.off('data', onData);
    const lines = head.toString('latin1', 0, end).split('\r\n');
    const { Status: status = '200', ...headers } = Object.fromEntries(
      lines.map((line) => line.split(': ') as [string, string]),
    );
    response.writeHead(Number.parseInt(status, 10), headers);
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  };
  child.stdout.on('data', onData);
}

/** A key and a certificate for 127.0.0.1 that no authority has signed, in a folder. */
export function makeCertificate(folder: string): { key: Buffer; cert: Buffer; certFile: string } {
  const keyFile = join(folder, 'tls.key');
  const certFile = join(folder, 'tls.pem');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const form = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', [...form, '-keyout', keyFile, '-out', certFile, '-days', '2', ...subject], {
    stdio: 'ignore',
  });
  return { key: readFileSync(keyFile), cert: readFileSync(certFile), certFile };
}

export interface SshHost extends GitHost {
  /** Private key that it lets in. */
  readonly key: string;
  /** Its own key, as ssh wants to know it. */
  readonly knownHosts: string;
}

/** OpenSSH for the user of the test alone; it keeps its files in a folder. Paths of its URL are those of this machine. */
export async function startSshHost(folder: string): Promise<SshHost> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const hostKey = join(folder, 'host_key');
  const key = join(folder, 'user_key');
  for (const path of [hostKey, key])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path]);
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${key}.pub`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PermitRootLogin prohibit-password',
      '',
    ].join('\n'),
  );
  // Where sshd keeps what runs without rights; packages make it at boot.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  await listens(child, port);
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    key,
    knownHosts,
    close: () =>
      new Promise((closed) => {
        child.once('exit', () => closed());
        child.kill();
      }),
  };
}

async function listens(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  child.kill();
  throw new Error(`sshd does not listen: ${said}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}
