import { Migration } from '@mikro-orm/migrations';

/** Which revisions went with a rewritten history, and when that was seen. */
export class RecordRewrittenHistory extends Migration {
  override up(): void {
    this.addSql(`alter table "revision" add column "lost" boolean not null default false`);
    this.addSql(`alter table "registry_state" add column "rewrite" json null`);
  }

  override down(): void {
    this.addSql(`alter table "registry_state" drop column "rewrite"`);
    this.addSql(`alter table "revision" drop column "lost"`);
  }
}
