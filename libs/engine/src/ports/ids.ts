/** Where ids come from: UUIDv7 in production, counted in tests. */
export interface Ids {
  next(): string;
}
