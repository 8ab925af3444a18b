import { Worker } from 'node:worker_threads';
import { ebookErrors } from '../ebook.errors.ts';
import type { TypesetAnswer, TypesetRequest } from './typesetter.worker.ts';

/** Beside this file, as source or as compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './typesetter.worker.ts' : './typesetter.worker.js',
  import.meta.url,
);

/** Sets a document on a thread of its own: typesetting takes seconds and never yields. An abort ends the thread. */
export function typeset(request: TypesetRequest, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(ebookErrors.cancelled());
      return;
    }
    const worker = new Worker(WORKER, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 1024 } });
    const stop = () => {
      settle(() => reject(ebookErrors.cancelled()));
    };
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', stop);
      finish();
      void worker.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', (answer: TypesetAnswer) => {
      settle(() =>
        'error' in answer
          ? reject(ebookErrors.pdfFailed(readable(answer.error)))
          : resolve(new Uint8Array(answer.content)),
      );
    });
    worker.once('error', (error) => {
      settle(() => reject(ebookErrors.pdfFailed(error instanceof Error ? error.message : String(error))));
    });
    worker.postMessage(request);
  });
}

/** The messages among the compiler's diagnostics, without positions in a program the reader does not know. */
function readable(diagnostics: string): string {
  const messages = [...diagnostics.matchAll(/message: "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text ?? '');
  const text = messages.length === 0 ? diagnostics : [...new Set(messages)].join('; ');
  return text.length > 2_000 ? `${text.slice(0, 1_997)}...` : text;
}
