import type { RunState, RunView } from '@stagewright/engine';
import type { LiveEvent, RunHost, VerbRequest } from '../hosts/run-host.ts';

/** One step of a scripted run: facts that are told, and the run as it is after them. */
export interface ScriptStep {
  facts: LiveEvent['fact'][];
  run: RunView;
}

export interface ScriptedHost extends RunHost {
  sent: VerbRequest[];
  looks: number;
}

const AT = '2026-01-01T10:00:01.000Z';
const ENDED: ReadonlySet<RunState> = new Set(['done', 'failed', 'cancelled']);

/** A host that plays the first step at once and the next one after each verb. `refuse` makes verbs fail. */
export function scriptedHost(
  steps: ScriptStep[],
  refuse?: (verb: VerbRequest) => Error | null,
): ScriptedHost {
  let at = 0;
  let wake: () => void = () => undefined;
  const present = (): RunView => (steps[at] as ScriptStep).run;
  const host: ScriptedHost = {
    sent: [],
    looks: 0,
    templates: () => Promise.resolve([]),
    inputsOf: () => Promise.resolve({}),
    upload: () => Promise.reject(new Error('no uploads here')),
    create: () => Promise.resolve(present()),
    get: () => {
      host.looks += 1;
      return Promise.resolve(present());
    },
    send: (_, verb) => {
      host.sent.push(verb);
      const error = refuse?.(verb) ?? null;
      at = Math.min(at + 1, steps.length - 1);
      wake();
      return error === null ? Promise.resolve(present()) : Promise.reject(error);
    },
    async *follow(_, signal) {
      signal.addEventListener('abort', () => wake());
      for (let told = 0; !signal.aborted;) {
        if (told > at) {
          await new Promise<void>((done) => (wake = done));
          continue;
        }
        const { facts, run } = steps[told] as ScriptStep;
        told += 1;
        for (const fact of facts) yield { at: AT, fact, state: run.state, progress: run.progress };
        if (ENDED.has(run.state)) return;
      }
    },
    record: () => Promise.reject(new Error('nothing is recorded here')),
    download: (id) => Promise.resolve(Buffer.from(`content of ${id}`)),
    close: () => Promise.resolve(),
  };
  return host;
}
