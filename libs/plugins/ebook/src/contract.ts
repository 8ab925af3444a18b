import type { JsonSchema } from '@stagewright/engine/plugin';

const text: JsonSchema = { type: 'string' };
const texts: JsonSchema = { type: 'array', items: text };
const artifact: JsonSchema = {
  type: 'object',
  required: ['artifact', 'name', 'type', 'mediaType', 'size', 'digest'],
  properties: {
    artifact: text,
    name: text,
    type: text,
    mediaType: text,
    size: { type: 'integer' },
    digest: text,
  },
};
const warnings: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['code', 'message'],
    properties: { code: text, message: text, file: text, line: { type: 'integer' } },
  },
};
const image: JsonSchema = {
  type: 'object',
  required: ['id', 'artifact'],
  properties: {
    id: text,
    name: text,
    mediaType: text,
    artifact: text,
    alt: text,
    width: { type: 'integer' },
    height: { type: 'integer' },
  },
};
/** The document model (`document/model.ts`) as far as a schema should say it; the reader is stricter. */
const blocks: JsonSchema = {
  type: 'array',
  items: { type: 'object', required: ['type'], properties: { type: text } },
};
const chapter: JsonSchema = {
  type: 'object',
  required: ['id', 'title', 'content', 'notes'],
  properties: {
    id: text,
    title: text,
    content: blocks,
    notes: {
      type: 'array',
      items: { type: 'object', required: ['id', 'content'], properties: { id: text, content: blocks } },
    },
    source: text,
  },
};
const facts: Record<string, JsonSchema> = {
  title: text,
  subtitle: text,
  authors: texts,
  language: text,
  description: text,
  publisher: text,
  rights: text,
  subjects: texts,
  date: text,
  cover: { type: 'string', description: '`asset:ID` of the image that is the cover.' },
};

export const importInput: JsonSchema = {
  type: 'object',
  required: ['manuscript'],
  additionalProperties: false,
  properties: {
    manuscript: {
      type: 'string',
      minLength: 1,
      description: 'Id of the uploaded Markdown file, or of the zip of its folder.',
    },
  },
};

export const importOutput: JsonSchema = {
  type: 'object',
  required: ['title', 'language', 'authors', 'chapters', 'images', 'warnings'],
  properties: {
    ...facts,
    chapters: { type: 'array', items: chapter, minItems: 1 },
    images: { type: 'array', items: image },
    warnings,
  },
};

export const buildInput: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    book: { type: ['object', 'null'], description: 'Result of ebook/import-markdown.' },
    brief: {
      type: ['object', 'null'],
      description:
        'Facts of the book as an early stage wrote them: title, subtitle, authors, language, description.',
    },
    metadata: { type: ['object', 'null'], description: 'Facts that speak over those of `book` and `brief`.' },
    chapters: {
      type: ['array', 'object', 'null'],
      description:
        'Markdown texts, objects with a title and content, paragraphs or sections, or chapters of ebook/import-markdown; or an object that holds them as `chapters`.',
    },
    images: { type: ['array', 'null'], items: image },
  },
};

export const buildOutput: JsonSchema = {
  type: 'object',
  required: ['epub', 'pdf', 'title', 'identifier', 'chapters', 'placeholder', 'warnings'],
  properties: {
    epub: artifact,
    pdf: artifact,
    title: text,
    identifier: text,
    chapters: { type: 'integer' },
    placeholder: { type: 'boolean' },
    warnings,
  },
};
