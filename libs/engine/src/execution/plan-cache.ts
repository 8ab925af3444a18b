import type { PlanSource } from '../ports/plan-source.ts';
import type { Plan } from '../template/plan.ts';
import type { Digest } from '../vocabulary.ts';

const PLANS_KEPT = 64;

/** Plans by digest, the last used ones kept. A plan never changes under its digest, so nothing is ever out of date. */
export class PlanCache {
  readonly #source: PlanSource;
  readonly #plans = new Map<Digest, Plan>();

  constructor(source: PlanSource) {
    this.#source = source;
  }

  /** Throws `REVISION_NOT_FOUND`. */
  async byDigest(digest: Digest): Promise<Plan> {
    const plan = this.#plans.get(digest) ?? (await this.#source.byDigest(digest));
    this.keep(plan);
    return plan;
  }

  keep(plan: Plan): void {
    this.#plans.delete(plan.digest);
    this.#plans.set(plan.digest, plan);
    for (const oldest of this.#plans.keys()) {
      if (this.#plans.size <= PLANS_KEPT) return;
      this.#plans.delete(oldest);
    }
  }
}
