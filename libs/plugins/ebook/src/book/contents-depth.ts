import type { Warnings } from '../document/model.ts';
import type { Book } from './book.ts';

/** How many levels of headings each list of contents shows; 1 is chapters alone. */
export interface ContentsDepth {
  /** The pages of contents in the PDF. */
  pages: 1 | 2;
  /** The reader's own menu: the bookmarks of the PDF. */
  bookmarks: 1 | 6;
  /** The navigation of the EPUB. */
  navigation: 1 | 2;
}

/** About twenty pages of contents; more is not read, and each line costs time in which its page number is found. */
const MOST_ON_PAGES = 800;
/** Measured: 46,000 bookmarks add ten megabytes and two seconds to a PDF. */
const MOST_IN_MENUS = 5_000;

/** Two levels as a rule. A book with very many headings (generated reference works) lists its chapters alone, and says so. */
export function contentsDepth(book: Pick<Book, 'chapters'>, warnings?: Warnings): ContentsDepth {
  let count = 0;
  for (const { content } of book.chapters)
    for (const block of content) if (block.type === 'heading') count += 1;
  if (count > MOST_ON_PAGES) {
    warnings?.add({
      code: 'CONTENTS_SHORTENED',
      message: `The book has ${count} headings inside its chapters, so its table of contents lists the chapters alone.`,
    });
  }
  const many = count > MOST_IN_MENUS;
  return { pages: count > MOST_ON_PAGES ? 1 : 2, bookmarks: many ? 1 : 6, navigation: many ? 1 : 2 };
}
