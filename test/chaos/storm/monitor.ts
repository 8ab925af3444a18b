import { withConnection } from '../services/postgres.ts';

/** Looks into the database past the product: how many runs have work under way. */
export class Monitor {
  readonly #url: string;
  #last = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Runs with work that a process carries out; as it was last when the database does not answer. */
  async openRuns(): Promise<number> {
    try {
      this.#last = await withConnection(this.#url, async (one) => {
        const { rows } = await one.query('select count(*)::int as open from run where open');
        return (rows[0] as { open: number }).open;
      });
    } catch {
      // It is away on purpose.
    }
    return this.#last;
  }
}
