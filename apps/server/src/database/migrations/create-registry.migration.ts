import { Migration } from '@mikro-orm/migrations';

/** Compiled templates by digest, and where each registry stands. */
export class CreateRegistry extends Migration {
  override up(): void {
    this
      .addSql(`create table "revision" ("workspace" text not null, "template" text not null, "digest" text not null,
      "commit" text not null, "version" text not null, "plan" json not null, "files" json not null,
      "findings" json not null, "served" boolean not null, "created_at" timestamptz(3) not null,
      primary key ("workspace", "template", "digest"))`);
    this.addSql(`create index "revision_commit" on "revision" ("workspace", "template", "commit")`);
    this.addSql(`create unique index "revision_served" on "revision" ("workspace", "template") where served`);

    this
      .addSql(`create table "registry_state" ("workspace" text not null, "url" text not null, "ref" text not null,
      "commit" text null, "synced_at" timestamptz(3) null, "findings" json not null, "failure" text null,
      primary key ("workspace", "url"))`);
  }

  override down(): void {
    for (const table of ['registry_state', 'revision']) this.addSql(`drop table "${table}"`);
  }
}
