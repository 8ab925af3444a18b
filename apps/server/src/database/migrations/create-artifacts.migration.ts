import { Migration } from '@mikro-orm/migrations';

/** Stored files, and what clients' idempotency keys stand for. */
export class CreateArtifacts extends Migration {
  override up(): void {
    this.addSql(`create table "artifact" ("id" text not null, "workspace" text not null, "name" text not null,
      "type" text not null, "media_type" text not null, "size" bigint not null, "digest" text not null,
      "metadata" json not null, "run_id" text null, "stage" text null, "task" text null, "attempt" int null,
      "created_at" timestamptz(3) not null, primary key ("id"))`);
    this.addSql(`create index "artifact_run" on "artifact" ("run_id", "created_at")`);
    this.addSql(`create index "artifact_digest" on "artifact" ("digest")`);
    this
      .addSql(`create unique index "artifact_origin" on "artifact" ("workspace", "run_id", "task", "attempt", "name", "digest")
      where run_id is not null`);

    this.addSql(`create table "idempotency_key" ("workspace" text not null, "key" text not null,
      "body_hash" text not null, "answer" json null,
      "created_at" timestamptz(3) not null, primary key ("workspace", "key"))`);
  }

  override down(): void {
    for (const table of ['idempotency_key', 'artifact']) this.addSql(`drop table "${table}"`);
  }
}
