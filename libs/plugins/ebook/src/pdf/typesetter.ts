import { Worker } from 'node:worker_threads';
import type { ImageType } from '../document/model.ts';
import { ebookErrors } from '../ebook.errors.ts';
import type { TypesetRequest, WorkAnswer, WorkRequest } from './typesetter.worker.ts';

/** Beside this file, as source or as compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './typesetter.worker.ts' : './typesetter.worker.js',
  import.meta.url,
);

/** Sets a document. */
export async function typeset(request: TypesetRequest, signal: AbortSignal): Promise<Uint8Array> {
  const answer = await work(request, signal);
  if ('content' in answer) return new Uint8Array(answer.content);
  throw ebookErrors.pdfFailed('error' in answer ? readable(answer.error) : 'there was no answer');
}

/** Those of the images that the typesetter cannot decode, whatever their headers promise. */
export async function undecodable<T extends { mediaType: ImageType; content: Uint8Array }>(
  images: T[],
  signal: AbortSignal,
): Promise<Set<T>> {
  if (images.length === 0) return new Set();
  const files = images.map(({ mediaType, content }, index) => ({
    path: imagePath(index, mediaType),
    content,
  }));
  const answer = await work({ images: files }, signal);
  const broken = new Set('undecodable' in answer ? answer.undecodable : files.map(({ path }) => path));
  return new Set(images.filter((_, index) => broken.has(files[index]?.path ?? '')));
}

/** Path of an image in the typesetter's folder; its ending says how it is read. */
export function imagePath(index: number, mediaType: ImageType): string {
  return `/images/${index + 1}.${mediaType.replace(/^image\//, '').replace(/\+xml$/, '')}`;
}

/** Works on a thread of its own: typesetting takes seconds and never yields. An abort ends the thread. */
function work(request: WorkRequest, signal: AbortSignal): Promise<WorkAnswer> {
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
    worker.once('message', (answer: WorkAnswer) => {
      settle(() => resolve(answer));
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
