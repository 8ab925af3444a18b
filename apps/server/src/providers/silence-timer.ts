/** Ends a call that has been silent for too long, or whose caller gave up. */
export interface SilenceTimer {
  readonly signal: AbortSignal;
  /** The service said something. */
  heard(): void;
  /** True when silence ended the call, not the caller. */
  expired(): boolean;
  stop(): void;
}

/** `limitMs`: the longest time without a sign of life, from the request to the last byte. */
export function startSilenceTimer(caller: AbortSignal, limitMs: number): SilenceTimer {
  const own = new AbortController();
  let timer = setTimeout(() => own.abort(), limitMs);
  return {
    signal: AbortSignal.any([caller, own.signal]),
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(() => own.abort(), limitMs);
    },
    expired: () => own.signal.aborted && !caller.aborted,
    stop: () => clearTimeout(timer),
  };
}
