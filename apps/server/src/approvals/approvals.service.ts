import { Injectable } from '@nestjs/common';

import type { Principal } from '../auth/principal.ts';
import { Database } from '../database/database.ts';
import type { InboxQuery } from './dto/approvals.dto.ts';
import { placeOf } from '../runs/dto/list-cursor.ts';
import { listWaiting } from './sql/list-waiting.ts';
import type { InboxItem } from './sql/list-waiting.ts';

/** The inbox: what all runs of a workspace wait for people to do. It only reads; decisions are verbs of the run. */
@Injectable()
export class ApprovalsService {
  constructor(private readonly database: Database) {}

  list(
    { workspace }: Principal,
    query: InboxQuery,
  ): Promise<{ items: InboxItem[]; next: string | null; total: number }> {
    const after = query.after === undefined ? undefined : placeOf(query.after);
    return listWaiting(this.database, workspace, { ...query, after });
  }
}
