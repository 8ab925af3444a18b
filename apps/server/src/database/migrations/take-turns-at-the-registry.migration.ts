import { Migration } from '@mikro-orm/migrations';

/** Which server reads the registry now, and when one last looked at it. */
export class TakeTurnsAtTheRegistry extends Migration {
  override up(): void {
    this.addSql(`alter table "registry_state" add column "reader" text null,
      add column "reader_until" timestamptz(3) null, add column "looked_at" timestamptz(3) null`);
  }

  override down(): void {
    this.addSql(`alter table "registry_state" drop column "reader", drop column "reader_until",
      drop column "looked_at"`);
  }
}
