/**
 * Lookups by name, shared by who asks at the same time. Whoever asks while one is under way gets the next one: an
 * answer is never older than its question.
 */
export class SharedLookups<Key, Found> {
  readonly #look: (key: Key) => Promise<Found>;
  readonly #underWay = new Map<Key, Promise<Found>>();
  readonly #next = new Map<Key, Promise<Found>>();

  constructor(look: (key: Key) => Promise<Found>) {
    this.#look = look;
  }

  find(key: Key): Promise<Found> {
    const before = this.#underWay.get(key);
    if (before === undefined) return this.#begin(key);
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const begin = (): Promise<Found> => {
      this.#next.delete(key);
      return this.#begin(key);
    };
    const next = before.then(begin, begin);
    this.#next.set(key, next);
    return next;
  }

  #begin(key: Key): Promise<Found> {
    const found = this.#look(key).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, found);
    return found;
  }
}
