import { Migration } from '@mikro-orm/migrations';

/** Processes and their leases, and which of them answers for the open work of a run. */
export class KnowWorkers extends Migration {
  override up(): void {
    this
      .addSql(`create table "worker" ("id" text collate "C" not null, "host" text not null, "pid" int not null,
      "started_at" timestamptz(3) not null, "expires_at" timestamptz(3) null, primary key ("id"))`);
    this.addSql(`alter table "run" add column "holder" text collate "C" null`);
    this.addSql(`drop index "run_open"`);
    this.addSql(`create index "run_held" on "run" ("holder", "id") where open`);
  }

  override down(): void {
    this.addSql(`drop index "run_held"`);
    this.addSql(`create index "run_open" on "run" ("id") where open`);
    this.addSql(`alter table "run" drop column "holder"`);
    this.addSql(`drop table "worker"`);
  }
}
