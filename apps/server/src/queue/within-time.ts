import { queueRefused } from './queue.errors.ts';

/** Rejects with `QUEUE_UNAVAILABLE` when the work takes longer; with the error of the work when that fails. */
export async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(queueRefused('QUEUE_UNAVAILABLE', `It took more than ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}
