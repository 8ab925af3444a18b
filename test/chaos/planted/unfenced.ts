/** The update of a run's header without the version that its writer expects. */
export const UNFENCED_HEADER = [
  'where r.id = w.run_id and r.version = w.version - 1',
  'where r.id = w.run_id',
] as const;

/** An entry takes the next free version. */
export const UNFENCED_ENTRY = [
  'select w.run_id, w.version, w.at, w.facts, w.state, w.progress\n    from written w join fenced f on f.run_id = w.run_id',
  `select w.run_id, greatest(w.version, (select max(e.version) + 1 from journal_entry e where e.run_id = w.run_id)),
      w.at, w.facts, w.state, w.progress from written w join fenced f on f.run_id = w.run_id`,
] as const;
