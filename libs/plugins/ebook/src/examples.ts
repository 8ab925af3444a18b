import type { ActionExample } from '@stagewright/engine/plugin';

export const importExamples: ActionExample[] = [
  {
    title: 'One Markdown file with front matter',
    with: { manuscript: 'upload-1' },
    uploads: {
      'upload-1': {
        name: 'tea.md',
        mediaType: 'text/markdown',
        content:
          '---\ntitle: The Book of Tea\nauthor: Ada Lovelace\nlanguage: en-GB\n---\n\n# Leaves\n\nTea is a *leaf*.[^1]\n\n# Water\n\nBoil it.\n\n[^1]: Usually.\n',
      },
    },
    expect: {
      output: {
        title: 'The Book of Tea',
        authors: ['Ada Lovelace'],
        language: 'en-GB',
        chapters: [{ title: 'Leaves' }, { title: 'Water' }],
      },
    },
  },
  {
    title: 'A manuscript that is not UTF-8 is refused by name',
    with: { manuscript: 'upload-1' },
    uploads: {
      'upload-1': {
        name: 'tea.md',
        mediaType: 'text/markdown',
        content: new Uint8Array([0x43, 0x61, 0x66, 0xe9]),
      },
    },
    expect: { error: 'MANUSCRIPT_ENCODING' },
  },
];

export const buildExamples: ActionExample[] = [
  {
    title: 'Chapters that a model wrote',
    with: {
      brief: { title: 'The Book of Tea', authors: ['Ada Lovelace'], language: 'en' },
      chapters: [
        { title: 'Leaves', sections: [{ title: 'Green', content: 'Green tea is *steamed*.' }] },
        { title: 'Water', content: 'Boil it, but not for long.' },
      ],
    },
    expect: {
      output: {
        title: 'The Book of Tea',
        chapters: 2,
        epub: { name: 'the-book-of-tea.epub' },
        pdf: { name: 'the-book-of-tea.pdf' },
      },
    },
  },
  {
    title: 'A book without chapters is refused',
    with: { brief: { title: 'Nothing' }, chapters: [] },
    expect: { error: 'BOOK_EMPTY' },
  },
];
