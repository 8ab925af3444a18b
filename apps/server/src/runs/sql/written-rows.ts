/** The columns of `entryColumns`, `waitColumns` and `attemptColumns` as tables of a statement: $1-$17, $18-$25, $26-$33. */
export const WRITTEN_ROWS = `
  written as (
    select * from rows from (
      unnest($1::text[], $2::int[], $3::timestamptz[]),
      json_array_elements($4::json),
      unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::int8[], $11::int8[], $12::float8[],
        $13::bool[], $14::timestamptz[], $15::timestamptz[], $16::bool[], $17::text[])
    ) as w(run_id, version, at, facts, template, revision, title, state, progress, input_tokens, output_tokens, usd,
      open, started_at, ended_at, replaces_waits, holder)
  ), written_wait as (
    select * from rows from (
      unnest($18::text[], $19::int[], $20::text[], $21::text[], $22::text[], $23::int[], $24::timestamptz[]),
      json_array_elements($25::json)
    ) as w(run_id, ordinal, kind, stage, task, round, due_at, payload)
  ), written_attempt as (
    select * from rows from (
      unnest($26::text[], $27::text[], $28::int[], $29::text[], $30::int[], $31::text[], $32::timestamptz[]),
      json_array_elements($33::json)
    ) as w(run_id, task, attempt, stage, round, state, started_at, record)
  )`;

/** What follows once \`fenced\` (run_id, workspace) says whose write holds: the entry and the attempts. */
export const ENTRY_AND_ATTEMPTS = `
  entry as (
    insert into journal_entry (run_id, version, at, facts, state, progress)
    select w.run_id, w.version, w.at, w.facts, w.state, w.progress
    from written w join fenced f on f.run_id = w.run_id
  ), attempts as (
    insert into attempt (run_id, task, attempt, stage, round, state, started_at, record)
    select a.run_id, a.task, a.attempt, a.stage, a.round, a.state, a.started_at, a.record
    from written_attempt a join fenced f on f.run_id = a.run_id
    on conflict (run_id, task, attempt) do update set stage = excluded.stage, round = excluded.round,
      state = excluded.state, started_at = excluded.started_at, record = excluded.record
  )`;
