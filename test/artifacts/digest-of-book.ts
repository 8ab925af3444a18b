/** Imports a manuscript with pictures, builds it and prints the sha256 of the EPUB and the PDF: run as a process by a spec. */
import { createHash } from 'node:crypto';
import { strToU8 } from 'fflate';
import { actionBench } from './action-bench.ts';
import { zipFolder } from './manuscript-zip.ts';

const [, , folder = ''] = process.argv;
/** Names a font that a machine may have, and holds a letter (U+20BB7) that none of the product's fonts has. */
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" font-family="DejaVu Sans, Arial, sans-serif">
<text x="5" y="20">Tea \u{20bb7} \u8336</text></svg>`;

const bench = actionBench({ placeholder: true });
const archive = zipFolder(folder, undefined, {
  'zz-drawing.md': strToU8('# Drawing \u{20bb7}\n\n![A drawing](zz-drawing.svg)\n'),
  'zz-drawing.svg': strToU8(DRAWING),
});
const book = await bench.run('ebook/import-markdown', { manuscript: bench.upload('book.zip', archive) });
const out = await bench.run('ebook/build', { book });
const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
process.stdout.write(`${digest(bench.content(out['epub']))} ${digest(bench.content(out['pdf']))}\n`);
