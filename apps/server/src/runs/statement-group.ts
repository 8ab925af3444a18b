/** What is to be written or read, and of which run: of one run at most one is under way, in the order they came. */
export interface GroupedItem {
  id: string;
}

export interface StatementGroupOptions<Write> {
  /** Statements under way at once, each on a connection of its own. Default 1. */
  statements?: number;
  /** Writes in one statement at most: bounds what a statement carries and how long its locks are held. Default 500. */
  most?: number;
  /** How heavy a write is; writes of more than `mostWeight` together do not share a statement. Default: weightless. */
  weigh?: (write: Write) => number;
  mostWeight?: number;
  /** True for a failure after which nobody knows what was written. Such a statement is not repeated here. */
  unknownOutcome?: (error: unknown) => boolean;
}

interface Waiting<Write, Outcome> {
  write: Write;
  weight: number;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

const MOST = 500;

/**
 * One statement for what many runs want to write (or to have read) in the same moment: what arrives while a statement is under way goes
 * into the next one. Nothing waits for company: with no statement under way, a write is sent in the same turn of the
 * event loop, alone if it is alone. With two statements at once, the database works on one while this process decides
 * what follows from the other; more of them only make each of them smaller.
 */
export class StatementGroup<Write extends GroupedItem, Outcome> {
  readonly #send: (writes: Write[]) => Promise<Outcome[]>;
  readonly #statements: number;
  readonly #most: number;
  readonly #weigh: (write: Write) => number;
  readonly #mostWeight: number;
  readonly #unknownOutcome: (error: unknown) => boolean;
  #waiting: Array<Waiting<Write, Outcome>> = [];
  /** Runs of which a write is under way. */
  readonly #underWay = new Set<string>();
  readonly #draining = new Set<Promise<void>>();

  /** `send` writes all of it or nothing, and gives one outcome for each write, in their order. */
  constructor(send: (writes: Write[]) => Promise<Outcome[]>, options: StatementGroupOptions<Write> = {}) {
    this.#send = send;
    this.#statements = options.statements ?? 1;
    this.#most = options.most ?? MOST;
    this.#weigh = options.weigh ?? (() => 0);
    this.#mostWeight = options.mostWeight ?? Infinity;
    this.#unknownOutcome = options.unknownOutcome ?? (() => false);
  }

  /** Resolves with the outcome of this write alone; rejects with what this write alone failed with. */
  add(write: Write): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, weight: this.#weigh(write), resolve, reject });
      if (this.#draining.size < this.#statements) this.#beginDraining();
    });
  }

  /** Resolves when everything that was added is written or has failed. */
  async drained(): Promise<void> {
    while (this.#draining.size > 0) await Promise.all(this.#draining);
  }

  #beginDraining(): void {
    const draining = this.#drain().finally(() => this.#draining.delete(draining));
    this.#draining.add(draining);
  }

  async #drain(): Promise<void> {
    // What the same turn of the event loop still brings goes along.
    await nextTurn();
    for (let group = this.#take(); group.length > 0; group = this.#take()) {
      for (const { write } of group) this.#underWay.add(write.id);
      await this.#sendOrSplit(group);
      for (const { write } of group) this.#underWay.delete(write.id);
      // Whoever was just answered may go on at once, one after the other: their next writes go together, and not those
      // of the first few in a statement of their own.
      await nextTurn();
    }
  }

  /** The oldest writes, of each run only its first, and none of a run of which another statement has one. */
  #take(): Array<Waiting<Write, Outcome>> {
    const taken: Array<Waiting<Write, Outcome>> = [];
    const left: Array<Waiting<Write, Outcome>> = [];
    const runs = new Set(this.#underWay);
    let weight = 0;
    for (const one of this.#waiting) {
      const fits =
        taken.length === 0 || (taken.length < this.#most && weight + one.weight <= this.#mostWeight);
      if (fits && !runs.has(one.write.id)) {
        taken.push(one);
        weight += one.weight;
      } else left.push(one);
      runs.add(one.write.id);
    }
    this.#waiting = left;
    return taken;
  }

  /** A statement that fails writes nothing; its halves are sent again, until a write that fails is alone with its error. */
  async #sendOrSplit(group: Array<Waiting<Write, Outcome>>): Promise<void> {
    try {
      const outcomes = await this.#send(group.map(({ write }) => write));
      for (const [index, { resolve }] of group.entries()) resolve(outcomes[index]!);
    } catch (error) {
      if (group.length === 1 || this.#unknownOutcome(error)) {
        for (const { reject } of group) reject(error);
        return;
      }
      const middle = Math.ceil(group.length / 2);
      await this.#sendOrSplit(group.slice(0, middle));
      await this.#sendOrSplit(group.slice(middle));
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
