import { Migration } from '@mikro-orm/migrations';
import { attemptRecord, attemptsIn, noteOf, wholeFacts } from '@stagewright/engine';
import type { AttemptNote, AttemptRecord, JournalEntry, RunId, ShortFact } from '@stagewright/engine';

interface Row {
  version: number;
  at: Date | string;
  facts: ShortFact[];
  notes: Array<AttemptNote | null> | null;
}

const RUNS_AT_ONCE = 200;

/**
 * A step of a run becomes one row. What is known of an attempt lies beside the entry of its end and no longer in a table
 * of its own; what changes with every entry is said by the entry and no longer by the header of its run.
 *
 * Attempts and facts are carried over here and not by SQL, which cannot look into documents that hold a NUL. What this
 * uses of the engine reads every form that was ever written.
 */
export class WriteEachStepOnce extends Migration {
  override async up(): Promise<void> {
    await this.execute(
      `alter table "journal_entry" add column "notes" json null, add column "spent" json null`,
    );
    await this.execute(`update journal_entry e
      set spent = json_build_object('inputTokens', r.input_tokens, 'outputTokens', r.output_tokens, 'usd', r.usd)
      from run r where e.run_id = r.id and e.version = r.version
        and (r.input_tokens > 0 or r.output_tokens > 0 or r.usd is distinct from 0)`);
    for await (const id of this.#runs('attempt')) await this.#keepNotes(id);
    await this.execute(`drop table "attempt"`);
    for (const column of ['version', 'progress', 'input_tokens', 'output_tokens', 'usd'])
      await this.execute(`alter table "run" drop column "${column}"`);
  }

  override async down(): Promise<void> {
    await this.execute(`create table "attempt" ("run_id" text collate "C" not null, "task" text not null,
      "attempt" int not null, "stage" text not null, "round" int not null, "state" text not null,
      "started_at" timestamptz(3) not null, "record" json not null, primary key ("run_id", "task", "attempt"))
      with (fillfactor = 50)`);
    for await (const id of this.#runs('journal_entry')) await this.#makeAttempts(id);
    await this.execute(`alter table "run" add column "version" int not null default 0,
      add column "progress" double precision not null default 0, add column "input_tokens" bigint not null default 0,
      add column "output_tokens" bigint not null default 0, add column "usd" double precision null`);
    await this.execute(`update run r set version = e.version, progress = e.progress,
        input_tokens = coalesce((e.spent->>'inputTokens')::bigint, 0),
        output_tokens = coalesce((e.spent->>'outputTokens')::bigint, 0),
        usd = case when e.spent is null then 0 else (e.spent->>'usd')::float8 end
      from (select distinct on (run_id) * from journal_entry order by run_id, version desc) e where e.run_id = r.id`);
    for (const column of ['version', 'progress', 'input_tokens', 'output_tokens'])
      await this.execute(`alter table "run" alter column "${column}" drop default`);
    await this.execute(`alter table "journal_entry" drop column "notes", drop column "spent"`);
  }

  async *#runs(table: 'attempt' | 'journal_entry'): AsyncGenerator<RunId> {
    let after = '';
    for (;;) {
      const page = (await this.execute(
        `select distinct run_id from ${table} where run_id > ? order by run_id limit ${RUNS_AT_ONCE}`,
        [after],
      )) as Array<{ run_id: RunId }>;
      yield* page.map((row) => row.run_id);
      if (page.length < RUNS_AT_ONCE) return;
      after = page.at(-1)!.run_id;
    }
  }

  async #entries(id: RunId): Promise<Array<JournalEntry & Pick<Row, 'notes'>>> {
    const rows = (await this.execute('select * from journal_entry where run_id = ? order by version', [
      id,
    ])) as unknown as Row[];
    return rows.map(({ version, at, facts, notes }) => ({
      version,
      at: new Date(at).toISOString(),
      facts: wholeFacts(facts),
      notes,
    }));
  }

  async #keepNotes(id: RunId): Promise<void> {
    const rows = (await this.execute('select record from attempt where run_id = ?', [id])) as Array<{
      record: AttemptRecord;
    }>;
    const records = new Map(rows.map(({ record }) => [`${record.task} ${record.attempt}`, record]));
    const notes = new Map<number, Array<AttemptNote | null>>();
    for (const { task, attempt, endedAt, note } of attemptsIn(await this.#entries(id))) {
      const record = records.get(`${task} ${attempt}`);
      if (note === null || record === undefined) continue;
      const beside = notes.get(note.version) ?? [];
      while (beside.length <= note.position) beside.push(null);
      beside[note.position] = noteOf(record, endedAt!);
      notes.set(note.version, beside);
    }
    for (const [version, beside] of notes)
      await this.execute('update journal_entry set notes = ?::json where run_id = ? and version = ?', [
        JSON.stringify(beside),
        id,
        version,
      ]);
  }

  async #makeAttempts(id: RunId): Promise<void> {
    const entries = await this.#entries(id);
    const noteAt = new Map(entries.map(({ version, notes }) => [version, notes]));
    for (const { version, facts } of entries)
      await this.execute('update journal_entry set facts = ?::json where run_id = ? and version = ?', [
        JSON.stringify(facts),
        id,
        version,
      ]);
    for (const story of attemptsIn(entries)) {
      const note = story.note === null ? null : noteAt.get(story.note.version)?.[story.note.position];
      const record = attemptRecord(story, note ?? null);
      const { task, attempt, stage, round, state, startedAt } = record;
      await this.execute(
        'insert into attempt values (?, ?, ?, ?, ?, ?, ?::timestamptz, ?::json) on conflict do nothing',
        [id, task, attempt, stage, round, state, startedAt, JSON.stringify(record)],
      );
    }
  }
}
