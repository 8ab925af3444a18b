import { z } from 'zod';

export const eventsQuery = z.object({
  follow: z
    .enum(['true', 'false'])
    .default('true')
    .describe('`false` ends the stream after what has happened so far.'),
});
export type EventsQuery = z.infer<typeof eventsQuery>;
