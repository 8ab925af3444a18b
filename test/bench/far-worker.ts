import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { RunId, RunState } from '@stagewright/engine';

import type { Measures } from './measures.ts';
import type { Place } from './modules.ts';
import type { Question, Told } from './worker-process.ts';

type Listener = (entry: { run: RunId; state: RunState }) => void;

/** The parent's side of a worker process. */
export interface FarWorker {
  /** Hears of the runs that the worker parked or ended. Returns how to stop. */
  onEntry(listener: Listener): () => void;
  measures(options: { settled: boolean }): Promise<Measures>;
  close(): Promise<void>;
}

/** Starts it, with the flags of this process, and waits until it works. */
export async function startFarWorker(place: Place): Promise<FarWorker> {
  const child = fork(fileURLToPath(new URL('./worker-process.ts', import.meta.url)), [JSON.stringify(place)]);
  const listeners = new Set<Listener>();
  const asked = new Map<number, (measures: Measures) => void>();
  const ask = (question: Question): void => void child.send(question);
  const gone = once(child, 'exit');
  const works = new Promise<void>((resolve, reject) => {
    child.on('message', (told: Told) => {
      if (told === 'works') return resolve();
      if ('entries' in told)
        return void told.entries.forEach((entry) => listeners.forEach((hear) => hear(entry)));
      asked.get(told.id)?.(told.measures);
      asked.delete(told.id);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The worker ended with exit code ${code}.`)));
  });
  await works;
  let questions = 0;
  return {
    onEntry: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    measures: ({ settled }) =>
      new Promise((resolve) => {
        const id = (questions += 1);
        asked.set(id, resolve);
        ask({ id, settled });
      }),
    close: async () => {
      ask('close');
      await gone;
    },
  };
}
