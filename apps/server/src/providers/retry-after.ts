/** What the service says about when to come again, in milliseconds from `now`; undefined when it says nothing usable. */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const exact = headers?.get('retry-after-ms')?.trim();
  if (exact !== undefined && /^\d{1,9}(\.\d+)?$/.test(exact)) return Math.ceil(Number(exact));
  const value = headers?.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // `Date.parse` takes nearly anything: only what looks like an HTTP date counts.
  const date = /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
