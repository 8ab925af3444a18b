import { Injectable } from '@nestjs/common';
import type { Instant, RunFact, RunId, RunState } from '@stagewright/engine';

import type { Principal } from '../auth/principal.ts';
import { Database } from '../database/database.ts';
import { runNotFound } from '../runs/runs.errors.ts';
import { isAfter } from './event-id.ts';
import type { EventPosition } from './event-id.ts';
import { RunSignals } from './run-signals.ts';
import { readEvents } from './sql/read-events.ts';
import type { EventPage } from './sql/read-events.ts';
import { WakeUp } from './wake-up.ts';

/** What one live event says. */
export interface RunEventData {
  run: RunId;
  version: number;
  at: Instant;
  fact: RunFact;
  state: RunState;
  progress: number;
}
export type StreamItem = { kind: 'event'; id: string; data: RunEventData } | { kind: 'heartbeat' };

const PAGE = 50;
/** Entries of other processes are seen within this time; those of this one at once. */
const POLL_MS = 2_000;
const HEARTBEAT_MS = 15_000;

/**
 * A run's history and then what happens, as one sequence without a gap or a repeat: a cursor over the journal. A page
 * is read only when the reader took the last one, so a slow reader costs a page of memory and no more.
 */
@Injectable()
export class EventsService {
  constructor(
    private readonly database: Database,
    private readonly signals: RunSignals,
  ) {}

  /**
   * Events after `position`, until the run has ended and all is told or `signal` aborts; without `follow` only those that
   * are there. Throws `RUN_NOT_FOUND` before the first item.
   */
  async open(
    { workspace }: Principal,
    run: RunId,
    { position, follow, signal }: { position: EventPosition; follow: boolean; signal: AbortSignal },
  ): Promise<AsyncGenerator<StreamItem>> {
    const from = Math.max(1, position.version);
    const read = async (version: number): Promise<EventPage> => {
      const page = await readEvents(this.database, { workspace, run, from: version, limit: PAGE });
      if (page === undefined) throw runNotFound(run);
      return page;
    };
    const first = await read(from);
    return this.#follow({
      run,
      first,
      position,
      from,
      read,
      follow,
      signal: AbortSignal.any([signal, this.signals.closing]),
    });
  }

  async *#follow(stream: {
    run: RunId;
    first: EventPage;
    position: EventPosition;
    from: number;
    read: (version: number) => Promise<EventPage>;
    follow: boolean;
    signal: AbortSignal;
  }): AsyncGenerator<StreamItem> {
    const { run, position, signal } = stream;
    const bell = new WakeUp();
    const silence = this.signals.listen(run, bell.ring);
    signal.addEventListener('abort', bell.ring);
    try {
      let next = stream.from;
      let quietMs = 0;
      // The first page was read before the bell was hung: it is read again, once.
      let page = stream.first.ended ? stream.first : await stream.read(next);
      while (!signal.aborted) {
        for (const entry of page.entries) {
          next = entry.version + 1;
          quietMs = 0;
          yield* eventsOf(run, entry, position);
        }
        if ((page.ended || !stream.follow) && next > page.version) return;
        if (page.entries.length < PAGE) {
          await bell.wait(POLL_MS);
          quietMs += POLL_MS;
        }
        if (quietMs >= HEARTBEAT_MS) {
          quietMs = 0;
          yield { kind: 'heartbeat' };
        }
        if (!signal.aborted) page = await stream.read(next);
      }
    } finally {
      silence();
      signal.removeEventListener('abort', bell.ring);
    }
  }
}

function* eventsOf(
  run: RunId,
  entry: EventPage['entries'][number],
  position: EventPosition,
): Generator<StreamItem> {
  const { version, at, state, progress } = entry;
  for (const [index, fact] of entry.facts.entries()) {
    if (!isAfter({ version, index }, position)) continue;
    yield { kind: 'event', id: `${version}.${index}`, data: { run, version, at, fact, state, progress } };
  }
}
