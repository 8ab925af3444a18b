#!/usr/bin/env node
const OLDEST_NODE = 22;

if (Number.parseInt(process.versions.node) < OLDEST_NODE) {
  console.error(`Stagewright needs Node ${OLDEST_NODE} or later, this is ${process.versions.node}.`);
  console.error('  hint: "npx stagewright" and the npm scripts bring their own.');
  process.exit(2);
}

// Loaded only now: on an older Node the libraries behind it do not even parse.
const { runCli } = await import('./cli.ts');

// Whoever reads the output may stop reading, as `head` does: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first one asks for a clean end, the second does not wait for it.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
  exitCode: 0,
});

// Said outright: a server that refused to start may have opened its database already. What was printed goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));

export {};
