const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ends the process in good order on the first signal and at once on the second. Not Nest's own shutdown hooks: those
 * wait without end, and a second signal would be lost while they wait.
 */
export function stopOnSignal(running: { close(): Promise<void> }): void {
  let stopping = false;
  const stop = (signal: (typeof SIGNALS)[number]): void => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopping = true;
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, () => stop(signal));
}
