import type { Workers } from '../ports/workers.ts';
import type { WorkerId } from '../vocabulary.ts';

/** The one process on its store: whoever else is named in it was here before, and is gone. */
export class SoleWorker implements Workers {
  readonly #id: WorkerId;

  constructor(id: WorkerId) {
    this.#id = id;
  }

  get self(): WorkerId | null {
    return this.#id;
  }

  gone(workers: WorkerId[]): Promise<ReadonlySet<WorkerId>> {
    return Promise.resolve(new Set(workers.filter((worker) => worker !== this.#id)));
  }
}
