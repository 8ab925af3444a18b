/** One bad image never costs the book: it is left out by name, from the EPUB and the PDF alike. */
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { JsonObject } from '@stagewright/engine/plugin';
import { actionBench } from './action-bench.ts';

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** A grey PNG: `size` is what its header promises, `rows` of that width are what it holds. */
function png(size: number, rows = size): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  const row = Buffer.alloc(size + 1, 90).fill(0, 0, 1);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: rows }, () => row)));
  const chunks = [chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

const sound = png(24);
const changed = (at: number) => {
  const copy = Buffer.from(sound);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
};
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

async function build(images: Record<string, Uint8Array>) {
  const bench = actionBench();
  const text = Object.keys(images).map((name) => `Before ${name}.\n\n![Alt of ${name}](${name})\n`);
  const archive = zipSync({ 'book.md': strToU8(`# Pictures\n\n${text.join('\n')}`), ...images });
  const book = await bench.run('ebook/import-markdown', { manuscript: bench.upload('book.zip', archive) });
  const built = await bench.run('ebook/build', { book });
  const files = unzipSync(bench.content(built['epub']));
  const warnings = [...(book['warnings'] as JsonObject[]), ...(built['warnings'] as JsonObject[])];
  return {
    pdf: strFromU8(bench.content(built['pdf']).subarray(0, 5)),
    page: strFromU8(files['EPUB/text-001.xhtml'] ?? new Uint8Array()),
    images: Object.keys(files).filter((path) => path.startsWith('EPUB/images/image-')),
    refused: warnings.map(({ message }) => /"([^"]+)"/.exec(message as string)?.[1]).sort(),
  };
}

describe('a book with damaged images', () => {
  it('is built without them, and says which they are; their words stay', async () => {
    const bad = {
      'cut.png': sound.subarray(0, sound.length - 20),
      'flipped.png': changed(60),
      'header.png': changed(17),
      'huge.png': png(60_000, 1),
      'missing-rows.png': png(48, 1),
      'text.jpg': strToU8('not a picture'),
      'zero.png': png(0),
    };
    const found = await build({ 'sound.png': sound, 'tiny.gif': GIF, ...bad });
    expect(found.pdf).toBe('%PDF-');
    expect(found.refused).toEqual(Object.keys(bad));
    expect(found.images).toHaveLength(2);
    for (const name of Object.keys(bad)) expect(found.page).toContain(`<p>Alt of ${name}</p>`);
    expect(found.page).toContain('alt="Alt of sound.png"');
  }, 60_000);

  it('is built whatever bytes of an image are changed', async () => {
    const images = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`p${index}.png`, changed(8 + index)] as const),
    );
    const { pdf, images: kept, refused } = await build(images);
    expect(pdf).toBe('%PDF-');
    expect(kept.length + refused.length).toBe(60);
  }, 60_000);
});
