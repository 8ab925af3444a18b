import { StagewrightError } from '@stagewright/engine/plugin';

const UNSAFE_HINT =
  'Pack the folder again with an ordinary zip program: plain files, relative names, no links.';

/** Every error of the plugin, one factory per situation. None of them is mended by trying again. */
export const ebookErrors = {
  archiveUnsafe: (entry: string, reason: string) =>
    new StagewrightError(
      'ARCHIVE_UNSAFE',
      `The archive holds "${shown(entry)}", which ${reason}. Nothing was unpacked.`,
      {
        hint: UNSAFE_HINT,
      },
    ),
  archiveBroken: (reason: string) =>
    new StagewrightError('ARCHIVE_UNSAFE', `The archive cannot be read: ${reason}.`, { hint: UNSAFE_HINT }),
  archiveTooLarge: (reason: string) =>
    new StagewrightError('ARCHIVE_TOO_LARGE', `The archive is too large: ${reason}.`, {
      hint: 'Keep to 2,000 files and 100 MB unpacked; leave out what does not belong in the book.',
    }),
  encoding: (file: string, found: string) =>
    new StagewrightError('MANUSCRIPT_ENCODING', `"${shown(file)}" is not UTF-8 text: ${found}.`, {
      hint: 'Save the file as UTF-8 in your editor (with or without a byte order mark) and upload it again.',
    }),
  empty: (what: string) =>
    new StagewrightError('MANUSCRIPT_EMPTY', `The manuscript has nothing to make a book of: ${what}.`, {
      hint: 'Upload a Markdown file (.md, .markdown), or a folder or zip that holds at least one with text in it.',
    }),
  unsupported: (name: string) =>
    new StagewrightError(
      'MANUSCRIPT_UNSUPPORTED',
      `"${shown(name)}" is neither Markdown nor a zip of Markdown.`,
      {
        hint: 'Export the manuscript as Markdown (.md) and upload that file, its folder or a zip of it.',
      },
    ),
  noChapters: () =>
    new StagewrightError('BOOK_EMPTY', 'The book has no chapter with text in it.', {
      hint: 'Hand the stage that writes the chapters to `chapters`, or the result of ebook/import-markdown to `book`.',
    }),
  inputInvalid: (where: string, what: string) =>
    new StagewrightError('BOOK_INPUT_INVALID', `${where}: ${what}.`, {
      hint: 'See the input of ebook/build: chapters are Markdown text, sections, or documents of ebook/import-markdown.',
    }),
  pdfFailed: (diagnostics: string) =>
    new StagewrightError('BOOK_PDF_FAILED', `The PDF could not be set: ${diagnostics}`, {
      hint: 'This is a fault of the plugin, not of the book: please report it with the chapter that the message names.',
    }),
  cancelled: () =>
    new StagewrightError('BOOK_CANCELLED', 'The build was stopped before the book was finished.', {
      retryable: true,
    }),
};

function shown(name: string): string {
  const clean = name.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '\ufffd');
  return clean.length > 120 ? `${clean.slice(0, 117)}...` : clean;
}
