/** Builds one book and prints the sha256 of its EPUB and its PDF: run in several time zones by the spec beside it. */
import { createHash } from 'node:crypto';
import { actionBench } from './action-bench.ts';
import { HOSTILE_TEXTS } from './hostile-books.ts';

const bench = actionBench({ placeholder: true });
const out = await bench.run('ebook/build', {
  chapters: HOSTILE_TEXTS,
  metadata: { title: 'One book', language: 'he' },
});
const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
process.stdout.write(`${digest(bench.content(out['epub']))} ${digest(bench.content(out['pdf']))}\n`);
