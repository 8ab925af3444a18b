import type { Options } from 'rehype-sanitize';
import { ALLOWED } from './raw-html.ts';

/** What survives between HTML and the model. Addresses are judged where the model is built, with a warning. */
export const SANITIZE: Options = {
  tagNames: [...ALLOWED],
  attributes: {
    a: ['href'],
    img: ['src', 'alt', 'title'],
    code: ['className'],
    pre: ['className'],
    input: ['type', 'checked'],
    ol: ['start'],
    th: ['align', 'colSpan', 'rowSpan'],
    td: ['align', 'colSpan', 'rowSpan'],
    sup: ['dataNote'],
    section: ['dataNote'],
  },
  protocols: {},
  strip: ['script', 'style', 'template'],
  clobber: [],
};
