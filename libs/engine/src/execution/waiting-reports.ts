import { storeUnavailable } from './execution.errors.ts';
import type { ReportLetter } from './letters.ts';
import type { EngineLog } from './ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunId } from '../vocabulary.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;
/** With the waits above, about eight minutes. After that, recovery makes the task again. */
const MOST_FAILURES = 20;

/** Reports of one run that wait for the store to come back. What execution found out is worth waiting for. */
export class WaitingReports {
  readonly #run: RunId;
  readonly #host: { clock: Clock; log: EngineLog };
  #waiting = 0;

  constructor(run: RunId, host: { clock: Clock; log: EngineLog }) {
    this.#run = run;
    this.#host = host;
  }

  get any(): boolean {
    return this.#waiting > 0;
  }

  /** Posts the letter again after a wait that grows with its failures; rejects it when they are too many. */
  offerAgain(letter: ReportLetter, error: unknown, post: (letter: ReportLetter) => void): void {
    const { log, clock } = this.#host;
    letter.failures += 1;
    const { failures } = letter;
    const facts = { run: this.#run, report: letter.report.type, failures, cause: String(error) };
    if (failures > MOST_FAILURES) {
      log.error('The store did not take a report; recovery will make the task again.', facts);
      return letter.reject(storeUnavailable(this.#run, error));
    }
    log.warn('The store did not take a report; it is offered again.', facts);
    this.#waiting += 1;
    clock.after(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)), () => {
      this.#waiting -= 1;
      post(letter);
    });
  }
}
