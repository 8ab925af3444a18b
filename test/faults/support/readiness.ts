import type { Readiness } from '../../../apps/server/src/health/health.view.ts';

/** What `/health/ready` says, and the status that it says it with. */
export async function readinessOf(url: string): Promise<Readiness & { httpStatus: number }> {
  const response = await fetch(`${url}/health/ready`);
  return { httpStatus: response.status, ...((await response.json()) as Readiness) };
}
