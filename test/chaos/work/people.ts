import type { Decision } from '../oracles/evidence.ts';
import type { SeededRandom } from '../storm/random.ts';
import { later } from './clients.ts';
import type { Clients, MaybeAnswer } from './clients.ts';

interface InboxItem {
  run: { id: string };
  wait: { kind: string; stage: string; round: number };
}
interface RunItem {
  id: string;
  template: string;
}

const LOOK_MS = 150;
/** What nobody is surprised by: it is decided already, it does not apply any more, or the server cannot now. */
const EXPECTED = new Set([200, 409, 503]);

/**
 * The people of the storm: they look into the inbox, decide, several at once about the same gate and not of one mind,
 * and retry what failed. A decision without an answer is looked up again, not taken for made.
 */
export class People {
  /** Decisions that a server confirmed. */
  readonly decisions: Decision[] = [];
  readonly surprises: string[] = [];
  retries = 0;
  races = 0;
  readonly #clients: Clients;
  readonly #random: SeededRandom;
  #going = true;
  #work: Promise<void>[] = [];

  constructor(clients: Clients, random: SeededRandom) {
    this.#clients = clients;
    this.#random = random;
  }

  start(): void {
    this.#work = [this.#loop(() => this.#decide()), this.#loop(() => this.#retryFailed())];
  }

  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#work);
  }

  async #loop(round: () => Promise<void>): Promise<void> {
    while (this.#going) {
      await round();
      await later(LOOK_MS);
    }
  }

  async #decide(): Promise<void> {
    const answer = await this.#clients.ask({ method: 'GET', path: '/approvals?kind=approval&limit=40' });
    if (answer?.status !== 200) return;
    await Promise.all((answer.body['items'] as InboxItem[]).map((item) => this.#decideOne(item)));
  }

  async #decideOne({ run: { id }, wait: { stage, round } }: InboxItem): Promise<void> {
    const racers = this.#random.chance(0.5) ? 2 : 1;
    if (racers > 1) this.races += 1;
    const verbs = Array.from({ length: racers }, () =>
      round === 1 && this.#random.chance(0.2) ? ('request-changes' as const) : ('approve' as const),
    );
    // Each asks another server, where there is another one.
    const first = this.#random.whole(0, this.#clients.urls.length - 1);
    await Promise.all(
      verbs.map(async (verb, index) => {
        const url = this.#clients.urls[(first + index) % this.#clients.urls.length];
        const body =
          verb === 'approve'
            ? { stage, round }
            : { stage, round, comments: [{ body: 'Say it in other words.' }] };
        const answer = await this.#clients.ask({ method: 'POST', path: `/runs/${id}/${verb}`, body }, url);
        if (answer?.status === 200) this.decisions.push({ run: id, stage, round, verb });
        this.#wonder(`${verb} ${id} ${stage} round ${round}`, answer);
      }),
    );
  }

  /** A task that three processes died of is in quarantine until somebody says otherwise; poison stays where it is. */
  async #retryFailed(): Promise<void> {
    const answer = await this.#clients.ask({ method: 'GET', path: '/runs?state=failed&limit=40' });
    if (answer?.status !== 200) return;
    for (const { id, template } of answer.body['items'] as RunItem[]) {
      if (template === 'poison') continue;
      const retried = await this.#clients.ask({ method: 'POST', path: `/runs/${id}/retry` });
      if (retried?.status === 200) this.retries += 1;
      this.#wonder(`retry ${id}`, retried);
    }
  }

  #wonder(what: string, answer: MaybeAnswer): void {
    if (answer === null || EXPECTED.has(answer.status)) return;
    this.surprises.push(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
