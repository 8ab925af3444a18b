import { z } from 'zod';

import { after, listEnd } from '../../runs/dto/list-cursor.ts';
import { RUN_STATES, pageQuery, runId } from '../../runs/dto/run-requests.dto.ts';
import { runWait } from '../../runs/dto/run-responses.dto.ts';

export const inboxQuery = pageQuery.extend({
  kind: z.enum(['approval', 'input', 'review', 'advance', 'budget']).optional(),
  template: z.string().max(64).optional(),
  run: runId.optional(),
  after,
});
export type InboxQuery = z.infer<typeof inboxQuery>;

export const inbox = z.object({
  items: z.array(
    z.object({
      run: z.object({ id: z.string(), title: z.string(), template: z.string(), state: z.enum(RUN_STATES) }),
      since: z.string().describe('ISO 8601 in UTC.'),
      wait: runWait.describe(
        'A decision names its `stage` and `round`; to resolve a `review` takes its `task` and `attempt`.',
      ),
    }),
  ),
  ...listEnd,
});
