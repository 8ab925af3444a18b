import { SoleWorker } from '../execution/sole-worker.ts';
import type { WorkerId } from '../vocabulary.ts';

/** A process that can die: what it had under way stays as it is, as after a kill. Everybody else is gone. */
export class MortalWorker extends SoleWorker {
  readonly #id: WorkerId;
  #lives = true;

  constructor(id: WorkerId = 'worker-1') {
    super(id);
    this.#id = id;
  }

  override get self(): WorkerId | null {
    return this.#lives ? this.#id : null;
  }

  dies(): void {
    this.#lives = false;
  }
}
