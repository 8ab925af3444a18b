/** What follows the draft in a new template: how files of this workflow type come of it. */
export interface Ending {
  /** Stages after the draft, and the outputs of the run, as YAML. */
  stages: string;
  outputs: string;
  /** Lines of the table in the README. */
  rows: string[];
  /** What the model is asked for, and what the contract calls it. */
  asked: string;
  described: string;
  /** Further prompts: name and text. */
  prompts: Array<[name: string, text: string]>;
  /** A recorded text, as this type has it. */
  text: (sentence: string) => string;
  /** Recorded answers of the stages after the draft: when all goes well, and when something had to be mended. */
  answers: { passed: string; mended: string };
  /** What the cases expect of the outputs, as YAML. */
  expected: string;
}

/** A workflow type that is not known here ends with the draft itself. */
export function endingFor(type: string): Ending {
  return ENDINGS[type] ?? TEXT;
}

const DIGEST = '0'.repeat(64);
const artifact = (name: string, type: string, mediaType: string): string =>
  `{artifact: a-1, name: ${name}, type: ${type}, mediaType: ${mediaType}, size: 1, digest: "${DIGEST}"}`;

const TEXT: Ending = {
  stages: '',
  outputs: `  title: \${{ stages.draft.output.title }}
  text: \${{ stages.draft.output.text }}
`,
  rows: [],
  asked: 'the text as Markdown',
  described: 'Markdown, without the title.',
  prompts: [],
  text: (sentence) => sentence,
  answers: { passed: '', mended: '' },
  expected: `  outputs: {title: Bees by the Back Door}
`,
};

const BOOK = `  build:
    epub: ${artifact('bees.epub', 'epub', 'application/epub+zip')}
    pdf: ${artifact('bees.pdf', 'pdf', 'application/pdf')}
    title: Bees by the Back Door
    identifier: urn:uuid:00000000-0000-8000-8000-000000000000
    chapters: 1
    placeholder: false
    warnings: []
`;

const EBOOK: Ending = {
  ...TEXT,
  stages: `
  - id: build
    name: Build
    description: Sets the text as EPUB and PDF.
    mode: system
    uses: ebook/build
    with:
      metadata: {title: "\${{ stages.draft.output.title }}", language: en, authors: [Stagewright]}
      chapters:
        - {title: "\${{ stages.draft.output.title }}", text: "\${{ stages.draft.output.text }}"}
`,
  outputs: `  epub: \${{ stages.build.output.epub }}
  pdf: \${{ stages.build.output.pdf }}
`,
  rows: ['| build | system | an EPUB 3 and a tagged PDF |'],
  answers: { passed: BOOK, mended: BOOK },
  expected: `  outputs: {epub: {type: epub}, pdf: {type: pdf}}
`,
};

const SITE = `  pack:
    site: ${artifact('website.zip', 'site', 'application/zip')}
    files: 1
    pages: 1
    placeholder: false
`;

const REPAIR = `---
description: Has a page mended that a validator refused.
---
A validator for HTML looked at the page and exited with {{result.exitCode}}. This is repair {{result.repair}}. It said:

{{result.output}}

The files:
{{#each result.files as |file|}}

--- {{file.path}}
{{file.text}}
{{/each}}

Mend what the validator names, and leave the words of the page as they are.
`;

const WEBSITE: Ending = {
  ...TEXT,
  stages: `
  - id: check
    name: Check
    description: Runs html-validate over the page; a model mends what it finds, until it finds nothing.
    mode: cli_loop
    # The operator allows it by this name: CLI_LOOP_COMMANDS=html-validate=/path/to/html-validate
    command: html-validate
    args: [--formatter, text, index.html]
    files:
      - path: .htmlvalidate.json
        content: '{"root": true, "extends": ["html-validate:recommended"]}'
      - path: index.html
        content: |
          <!DOCTYPE html>
          <html lang="en">
          <head><meta charset="utf-8"><title>\${{ stages.draft.output.title }}</title></head>
          <body>
          <h1>\${{ stages.draft.output.title }}</h1>
          \${{ stages.draft.output.text }}
          </body>
          </html>
    maxIterations: 5
    repair: prompts/repair.hbs

  - id: pack
    name: Pack
    description: Packs the files into a zip.
    mode: system
    uses: website/pack
    with: {files: "\${{ stages.check.output.files }}"}
`,
  outputs: `  site: \${{ stages.pack.output.site }}
`,
  rows: [
    '| check | the command `html-validate`, then AI, in a loop | a page without a finding |',
    '| pack | system | `website.zip` |',
  ],
  asked: 'the body as HTML: paragraphs, headings, lists; no scripts, no styles, no links',
  described: 'HTML of the main part, without the title.',
  prompts: [['repair.hbs', REPAIR]],
  text: (sentence) => `<p>${sentence}</p>`,
  answers: {
    passed: `  check:
    runs: [{}]
${SITE}`,
    mended: `  check:
    runs:
      - {exitCode: 1, output: "index.html:6:1: error [prefer-tbody] a paragraph is expected to say more\\n"}
      - {}
    repairs:
      - edits: [{path: index.html, find: a dry stand., replace: a dry stand for the hive.}]
${SITE}`,
  },
  expected: `  outputs: {site: {type: site}}
`,
};

const ENDINGS: Readonly<Record<string, Ending>> = { ebook: EBOOK, website: WEBSITE };
