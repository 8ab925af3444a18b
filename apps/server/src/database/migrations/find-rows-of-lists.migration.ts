import { Migration } from '@mikro-orm/migrations';

/** Lists of a million runs: each filter finds the rows of its page by an index, and reads no others. */
export class FindRowsOfLists extends Migration {
  override up(): void {
    this.addSql(
      `create index "run_workspace_template" on "run" ("workspace", "template", "state", "created_at")`,
    );
    this.addSql(`alter table "run_wait" add column "template" text null`);
    this.addSql(`update run_wait w set template = r.template from run r where r.id = w.run_id`);
    this.addSql(`alter table "run_wait" alter column "template" set not null`);
    this.addSql(`drop index "run_wait_inbox"`);
    this.addSql(
      `create index "run_wait_inbox" on "run_wait" ("workspace", "kind", "since") where kind <> 'timer'`,
    );
    this.addSql(
      `create index "run_wait_template" on "run_wait" ("workspace", "template", "kind", "since") where kind <> 'timer'`,
    );
  }

  override down(): void {
    this.addSql(`drop index "run_wait_template"`);
    this.addSql(`drop index "run_wait_inbox"`);
    this.addSql(
      `create index "run_wait_inbox" on "run_wait" ("workspace", "since", "run_id") where kind <> 'timer'`,
    );
    this.addSql(`alter table "run_wait" drop column "template"`);
    this.addSql(`drop index "run_workspace_template"`);
  }
}
