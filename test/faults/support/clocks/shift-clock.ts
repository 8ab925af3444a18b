/**
 * Puts the clock of this process so many milliseconds ahead, for whatever is loaded after it: the time of day, and not
 * the clock that only runs forward, as when somebody sets the clock of a machine.
 */
export function shiftClock(ms: number): void {
  const real = Date;
  const now = (): number => real.now() + ms;
  globalThis.Date = new Proxy(real, {
    construct: (_target, args: unknown[]) =>
      Reflect.construct(real, args.length === 0 ? [now()] : args) as Date,
    apply: () => new real(now()).toString(),
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
