import type { Action } from '@stagewright/engine/plugin';
import { buildInput, buildOutput, importInput, importOutput } from './contract.ts';
import { buildExamples, importExamples } from './examples.ts';

// What does the work is loaded when there is work: parsers, typesetter and all are a tenth of what a server would load at its start.

/** `ebook/import-markdown`: a Markdown file, or the zip of a folder of them, into chapters of the document model. */
export const importMarkdown: Action = {
  id: 'ebook/import-markdown',
  description: 'Reads a manuscript in Markdown (one file, or a zipped folder with images) into chapters.',
  input: importInput,
  output: importOutput,
  scopes: [],
  idempotency: 'natural',
  run: async (input, context) => {
    const { importManuscript } = await import('./import-markdown.ts');
    return importManuscript(input, context);
  },
  examples: importExamples,
};

/** `ebook/build`: chapters into an EPUB 3 and a tagged PDF. */
export const build: Action = {
  id: 'ebook/build',
  description: 'Builds an EPUB 3 and a tagged PDF (PDF/UA-1) from chapters.',
  input: buildInput,
  output: buildOutput,
  scopes: [],
  idempotency: 'natural',
  run: async (input, context) => {
    const { buildBook } = await import('./build.ts');
    return buildBook(input, context);
  },
  examples: buildExamples,
};
