import type { BookImage, Chapter } from '../document/model.ts';

/** A book as both writers take it: complete, clean and in reading order. */
export interface Book {
  /** `urn:uuid:...`, from the digest of everything else. */
  identifier: string;
  title: string;
  subtitle?: string;
  authors: string[];
  /** BCP 47. */
  language: string;
  direction: 'ltr' | 'rtl';
  description?: string;
  publisher?: string;
  rights?: string;
  subjects: string[];
  /** ISO 8601 date of publication, as the author gave it. */
  date?: string;
  /** `2026-11-21T09:30:00Z`. */
  modified: string;
  chapters: Chapter[];
  images: BookPicture[];
  /** Id of the image that is the cover, when the author has one. */
  cover?: string;
  /** Some of the text was filled in by the offline provider; the book says so. */
  placeholder: boolean;
}

export interface BookPicture extends BookImage {
  content: Uint8Array;
}
