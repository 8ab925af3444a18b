import { describe, expect, it } from '@jest/globals';
import { ebook } from '@stagewright/plugin-ebook';
import { zipSync, strToU8 } from 'fflate';
import { actionBench } from './action-bench.ts';

const cases = ebook.actions.flatMap((action) =>
  action.examples.map((example) => ({ id: action.id, example })),
);

describe('examples of the ebook plugin', () => {
  it.each(cases)('$id: $example.title', async ({ id, example }) => {
    const bench = actionBench();
    for (const [upload, file] of Object.entries(example.uploads ?? {}))
      bench.upload(file.name, file.content, upload);
    if ('error' in example.expect) {
      await expect(bench.run(id, example.with)).rejects.toMatchObject({ code: example.expect.error });
    } else expect(await bench.run(id, example.with)).toMatchObject(example.expect.output as object);
  });
});

describe('a manuscript in a folder', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const archive = zipSync({
    'book/ch10.md': strToU8('Ten\n===\n\nSee [two](ch2.md#part-b).[^1]\n\n[^1]: ten\n'),
    'book/ch2.md': strToU8(
      '\ufeff# Two\r\n\r\n## Part B\r\n\r\n![Dot](my%20img.png) ![No](gone.png) [x][r][^1]\r\n\r\n[r]: https://example.org\r\n[^1]: two\r\n',
    ),
    'book/my img.png': png,
  });

  it('keeps natural order, resolves links and images, and says what is missing and where', async () => {
    const bench = actionBench();
    const book = await bench.run('ebook/import-markdown', { manuscript: bench.upload('book.zip', archive) });
    expect(book).toMatchObject({
      chapters: [
        { title: 'Two', notes: [{ id: 'fn-1' }] },
        { title: 'Ten', notes: [{ id: 'fn-1' }] },
      ],
      images: [{ id: 'image-1', mediaType: 'image/png', width: 1, height: 1 }],
      warnings: [{ code: 'IMAGE_MISSING', file: 'book/ch2.md', line: 5 }],
    });
    expect(JSON.stringify(book['chapters'])).toContain('{"chapter":"chapter-1","anchor":"part-b"}');
  });
});
