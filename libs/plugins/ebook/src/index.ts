import { definePlugin } from '@stagewright/engine/plugin';
import { build, importMarkdown } from './actions.ts';
import { FONT_ASSETS } from './pdf/font-files.ts';

/** The `ebook` workflow type: manuscripts in, EPUB and PDF out. */
export const ebook = definePlugin({
  name: 'ebook',
  version: '1.0.0',
  title: 'E-book',
  description: 'Imports Markdown manuscripts and builds EPUB 3 and accessible PDF books.',
  workflowType: { name: 'ebook', title: 'E-book', description: 'A book as EPUB 3 and PDF.' },
  actions: [importMarkdown, build],
  artifactTypes: [
    { name: 'epub', title: 'EPUB book', mediaType: 'application/epub+zip', extension: 'epub' },
    { name: 'pdf', title: 'PDF book', mediaType: 'application/pdf', extension: 'pdf' },
  ],
  assets: {
    'book.typ': new URL('../assets/book.typ', import.meta.url),
    'book.css': new URL('../assets/book.css', import.meta.url),
    'resvg.wasm': new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    ...FONT_ASSETS,
  },
});
