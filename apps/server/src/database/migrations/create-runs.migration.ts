import { Migration } from '@mikro-orm/migrations';

/** Workspaces with the default one, and runs: journal, header, attempts, waits. */
export class CreateRuns extends Migration {
  override up(): void {
    this.addSql(`create table "workspace" ("id" text not null, "title" text not null,
      "created_at" timestamptz(3) not null default now(), primary key ("id"))`);
    this.addSql(`insert into "workspace" ("id", "title") values ('default', 'Default')`);

    this
      .addSql(`create table "run" ("id" text collate "C" not null, "workspace" text not null, "version" int not null,
      "template" text not null, "revision" text not null, "title" text not null, "state" text not null,
      "progress" double precision not null, "input_tokens" bigint not null, "output_tokens" bigint not null,
      "usd" double precision null, "open" boolean not null, "created_by" json not null,
      "created_at" timestamptz(3) not null, "started_at" timestamptz(3) null, "ended_at" timestamptz(3) null,
      primary key ("id"))`);
    this.addSql(`create index "run_workspace_created" on "run" ("workspace", "created_at", "id")`);
    this.addSql(`create index "run_workspace_state" on "run" ("workspace", "state", "created_at")`);
    this.addSql(`create index "run_open" on "run" ("id") where open`);

    this.addSql(`create table "journal_entry" ("run_id" text collate "C" not null, "version" int not null,
      "at" timestamptz(3) not null, "facts" json not null, "state" text not null,
      "progress" double precision not null, primary key ("run_id", "version"))`);

    this.addSql(`create table "attempt" ("run_id" text collate "C" not null, "task" text not null,
      "attempt" int not null, "stage" text not null, "round" int not null, "state" text not null,
      "started_at" timestamptz(3) not null, "record" json not null, primary key ("run_id", "task", "attempt"))`);

    this.addSql(`create table "run_wait" ("run_id" text collate "C" not null, "version" int not null,
      "ordinal" int not null, "workspace" text not null, "kind" text not null, "stage" text null, "task" text null,
      "round" int null, "due_at" timestamptz(3) null, "since" timestamptz(3) not null, "payload" json not null,
      primary key ("run_id", "version", "ordinal"))`);
    this.addSql(`create index "run_wait_due" on "run_wait" ("due_at", "run_id") where due_at is not null`);
    this.addSql(
      `create index "run_wait_inbox" on "run_wait" ("workspace", "since", "run_id") where kind <> 'timer'`,
    );
  }

  override down(): void {
    for (const table of ['run_wait', 'attempt', 'journal_entry', 'run', 'workspace'])
      this.addSql(`drop table "${table}"`);
  }
}
