import type { Submit } from '../oracles/evidence.ts';
import type { SeededRandom } from '../storm/random.ts';
import { later } from './clients.ts';
import type { Clients } from './clients.ts';

export interface SubmitPlan {
  template: string;
  key: string;
  /** When: a share of the whole storm, 0 to 1. */
  at: number;
}

const AGAIN_MS = 150;
const LOOK_MS = 50;
/** Time that a submit has to become work before the next one is hurried. */
const HURRY_MS = 500;
/** As long as a submit may stay without an answer, in milliseconds. */
const GIVE_UP_MS = 600_000;

/** Starts runs under a key each, and repeats what was not answered, as a careful client does. */
export class Submitter {
  readonly submits: Submit[] = [];
  /** Answers that no client can do anything with. */
  readonly surprises: string[] = [];
  readonly #clients: Clients;
  readonly #random: SeededRandom;
  /** So many of all submits need not wait for their time. */
  #ahead = 0;
  #planned = 0;
  #hurried = 0;

  constructor(clients: Clients, random: SeededRandom) {
    this.#clients = clients;
    this.#random = random;
  }

  /** `share` says how much of the storm is over. Resolves when every submit has been confirmed, or has failed for good. */
  async submitAll(plans: SubmitPlan[], share: () => number): Promise<void> {
    this.#planned = plans.length;
    const inOrder = plans.toSorted((one, other) => one.at - other.at);
    await Promise.all(
      inOrder.map(async (plan, index) => {
        while (share() < plan.at && index >= this.#ahead) await later(LOOK_MS);
        await this.#submit(plan);
      }),
    );
  }

  /** Submits the next one before its time: there is no work that a fault could hit. False when there is none left. */
  hurry(): boolean {
    if (this.submits.length === this.#planned) return false;
    if (Date.now() - this.#hurried < HURRY_MS) return true;
    this.#hurried = Date.now();
    this.#ahead = this.submits.length + 1;
    return true;
  }

  async #submit({ template, key }: SubmitPlan): Promise<void> {
    const submit: Submit = { key, template, ids: [] };
    this.submits.push(submit);
    const body = { template, title: key, inputs: { name: key } };
    // Some hang up before they can have heard the answer, and some ask once more although they heard it.
    let hangUps = this.#random.chance(0.3) ? this.#random.whole(1, 2) : 0;
    const confirmations = this.#random.chance(0.3) ? 2 : 1;
    const end = Date.now() + GIVE_UP_MS;
    while (submit.ids.length < confirmations) {
      const patience = hangUps > 0 ? { patienceMs: this.#random.whole(1, 40) } : {};
      hangUps -= 1;
      const headers = { 'idempotency-key': key };
      const answer = await this.#clients.ask({ method: 'POST', path: '/runs', body, headers, ...patience });
      if (answer?.status === 201) submit.ids.push(String(answer.body['id']));
      else if (answer !== null && answer.status !== 503) {
        this.surprises.push(`submit ${key}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return;
      } else await later(AGAIN_MS);
      if (Date.now() > end) {
        this.surprises.push(`submit ${key} was never answered`);
        return;
      }
    }
  }
}
