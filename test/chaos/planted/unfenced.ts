/** An entry takes the next free version, whatever its writer believed the last one to be. */
export const UNFENCED_ENTRY = [
  'select w.run_id, w.version::int, ',
  'select w.run_id, greatest(w.version::int, (select max(l.version) + 1 from journal_entry l where l.run_id = w.run_id)), ',
] as const;
