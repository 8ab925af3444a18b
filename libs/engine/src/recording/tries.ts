import type { Json, StageId } from '../vocabulary.ts';

/** What the tries of the tasks of one stage gave, by round and item. */
export interface StageTries<Value> {
  /** Items of each round, from round 1; null for a single task. A round that only some tasks are made in does not say. */
  items: Array<number | null | undefined>;
  /** By round from 1, item from 0, try in order. */
  tries: Map<number, Map<number, Value[]>>;
}

/** Gathers what the tries of a run gave. */
export class TryBook<Value> {
  readonly #stages = new Map<StageId, StageTries<Value>>();

  began(stage: StageId, round: number, items: number | null): void {
    this.#of(stage).items[round - 1] = items;
  }

  add({ stage, round, index }: { stage: StageId; round: number; index: number }, value: Value): void {
    const { tries } = this.#of(stage);
    const ofRound = tries.get(round) ?? new Map<number, Value[]>();
    tries.set(round, ofRound);
    ofRound.set(index, [...(ofRound.get(index) ?? []), value]);
  }

  /** In the order in which they began. */
  stages(): Array<[StageId, StageTries<Value>]> {
    return [...this.#stages].filter(([, { tries }]) => tries.size > 0);
  }

  #of(stage: StageId): StageTries<Value> {
    const known = this.#stages.get(stage) ?? { items: [], tries: new Map() };
    this.#stages.set(stage, known);
    return known;
  }
}

/**
 * The tries of a stage as a case writes them, as short as it goes. An item that was not made in a round stands as it was
 * in the round before; `missing` stands for one that never gave anything.
 */
export function written(stage: StageTries<Json>, missing: Json): Json {
  const last = Math.max(...stage.tries.keys());
  const before = new Map<number, Json>();
  const rounds: Json[] = [];
  let items: number | null = null;
  for (let round = 1; round <= last; round += 1) {
    const begun = stage.items[round - 1];
    if (begun !== undefined) items = begun;
    const made = stage.tries.get(round) ?? new Map<number, Json[]>();
    for (const [index, tries] of made) before.set(index, ofTries(tries));
    const count = items ?? 1;
    const values = Array.from({ length: count }, (_, index) => before.get(index) ?? missing);
    rounds.push(items === null ? (values[0] ?? missing) : { tasks: values });
  }
  return shortened(rounds);
}

function ofTries(tries: Json[]): Json {
  const [first = null] = tries;
  return tries.length === 1 ? first : { tries };
}

/** The last round stands for all later ones: those that say the same need not be written. */
function shortened(rounds: Json[]): Json {
  const texts = rounds.map((round) => JSON.stringify(round));
  let length = rounds.length;
  while (length > 1 && texts[length - 1] === texts[length - 2]) length -= 1;
  const [only = null] = rounds;
  return length === 1 ? only : { rounds: rounds.slice(0, length) };
}
