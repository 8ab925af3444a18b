/** A command line as somebody would type it, and what it is for. */
export interface CommandExample {
  line: string;
  about: string;
}

/** Examples of every command: shown by `--help`, printed in docs/reference/cli.md, and parsed by a test. */
export const COMMAND_EXAMPLES: Readonly<Record<string, CommandExample[]>> = {
  check: [
    {
      line: 'stagewright check registry',
      about: 'Every finding of a registry, with file, line, column and code.',
    },
    { line: 'stagewright check registry/templates/ebook --json', about: 'One template, for a program.' },
    {
      line: 'stagewright check registry --format github',
      about: 'Beside the lines of a pull request, from GitHub Actions.',
    },
  ],
  test: [
    { line: 'stagewright test registry', about: 'All recorded cases. Needs no model and no key.' },
    {
      line: 'stagewright test registry --require-coverage',
      about: 'In CI: what no case reaches is listed, and is a failure.',
    },
    {
      line: 'stagewright test registry/templates/ebook --update',
      about: 'After a change on purpose: failing cases expect what comes now.',
    },
    {
      line: 'stagewright test ebook --record -i topic="Keeping bees" --title "A book on bees"',
      about: 'Runs it, asks you for the decisions, and makes a case of the run.',
    },
    {
      line: 'stagewright test registry/templates/ebook/tests/sent-back-once.test.yaml --record',
      about: 'Asks the models again what the case asks, and records what they say now.',
    },
  ],
  'save-test': [
    {
      line: 'stagewright save-test RUN --title "An outline that was sent back twice"',
      about: 'From a run on a server, into the registry that you stand in.',
    },
    { line: 'stagewright save-test RUN --out case.test.yaml --force', about: 'Into a file of your own.' },
  ],
  diff: [
    { line: 'stagewright diff main', about: 'The files as they are, against the branch main.' },
    { line: 'stagewright diff main registry/templates/ebook', about: 'The same, of one template.' },
    {
      line: 'stagewright diff main my-branch registry --merge-base',
      about: 'What a pull request of my-branch would change, in a registry in a sub-folder.',
    },
    {
      line: 'stagewright diff v1.2.0 --server http://127.0.0.1:3000',
      about: 'And which runs of a server it touches.',
    },
  ],
  report: [
    { line: 'stagewright report main', about: 'All that a reviewer wants to know, as Markdown.' },
    {
      line: 'stagewright report origin/main HEAD registry --out report.md',
      about: 'In a file, as the workflow makes it.',
    },
  ],
  new: [
    {
      line: 'stagewright new template newsletter',
      about: 'A template that checks and tests cleanly, to begin with.',
    },
    {
      line: 'stagewright new template field-guide --type ebook --registry my-templates',
      about: 'One that ends in a book. In an empty folder, a registry is made as well.',
    },
  ],
  run: [
    { line: 'stagewright run', about: 'Lists the templates there are.' },
    {
      line: 'stagewright run ebook -i topic="Keeping bees" -i chapters=3 --approve --out books',
      about: 'In this process, from the folder `registry`; nothing but the files is kept.',
    },
    {
      line: 'stagewright run manuscript -i manuscript=@docs/handbook --server http://127.0.0.1:3000',
      about: 'On a server. An input that is a file or a folder is uploaded.',
    },
    {
      line: 'stagewright run ebook --inputs - --server http://127.0.0.1:3000 --detach --json',
      about: 'From a program: inputs as YAML or JSON on standard input, `{"id","state"}` as the answer.',
    },
  ],
  worker: [
    {
      line: 'stagewright worker',
      about: 'With the DATABASE_URL and the DATA_DIR of the servers it works for.',
    },
  ],
  runs: [
    { line: 'stagewright runs', about: 'The newest 20.' },
    { line: 'stagewright runs --state approval_pending --limit 100', about: 'What waits for approval.' },
  ],
  show: [{ line: 'stagewright show RUN', about: 'Stages, what the run waits for, files.' }],
  artifacts: [
    { line: 'stagewright artifacts RUN', about: 'Lists the files.' },
    { line: 'stagewright artifacts RUN --out books', about: 'Saves the newest of each name.' },
    {
      line: 'stagewright artifacts RUN --out books --provenance',
      about: 'Beside each file, how it came to be: to read, and signed.',
    },
  ],
  attempts: [
    { line: 'stagewright attempts RUN --stage outline', about: 'Prompts and answers of one stage.' },
    { line: 'stagewright attempts RUN --task outline --diff', about: 'What changed in the last round.' },
  ],
  verify: [
    { line: 'stagewright verify books/book.epub', about: 'Against the signed statement beside it.' },
    { line: 'stagewright verify books/book.epub --key server.pem', about: 'Without a server.' },
  ],
  approve: [
    { line: 'stagewright approve RUN', about: 'The gate that waits.' },
    {
      line: 'stagewright approve RUN --stage outline --round 2',
      about: 'Only if the round is still the one you looked at.',
    },
  ],
  'request-changes': [
    {
      line: 'stagewright request-changes RUN --comment "Begin with where the hive stands."',
      about: 'The stage is made again with your remark.',
    },
    {
      line: 'stagewright request-changes RUN --task chapters/2 --comment "Shorter, please."',
      about: 'Only one task of it; the others keep what they gave.',
    },
  ],
  'submit-input': [
    { line: 'stagewright submit-input RUN --input form.yaml', about: 'A form from a file.' },
    { line: 'stagewright submit-input RUN --task facts --input -', about: 'A form from standard input.' },
  ],
  resolve: [
    {
      line: 'stagewright resolve RUN --outcome done --output answer.yaml',
      about: 'It happened, and gave this.',
    },
    { line: 'stagewright resolve RUN --outcome repeat', about: 'It did not happen: it is done again.' },
  ],
  start: [{ line: 'stagewright start RUN', about: 'Starts a run that was made as a draft.' }],
  pause: [{ line: 'stagewright pause RUN', about: 'What is under way ends; nothing new begins.' }],
  resume: [
    { line: 'stagewright resume RUN', about: 'Goes on.' },
    { line: 'stagewright resume RUN --budget 10', about: 'Goes on with a higher budget.' },
  ],
  cancel: [{ line: 'stagewright cancel RUN --reason "Wrong topic"', about: 'Ends the run for good.' }],
  retry: [
    { line: 'stagewright retry RUN', about: 'Another round for what failed.' },
    { line: 'stagewright retry RUN --dry-run', about: 'What that would be, and what it is likely to cost.' },
  ],
  rerun: [
    { line: 'stagewright rerun RUN --from outline', about: 'The outline and what depends on it.' },
    { line: 'stagewright rerun RUN --from outline --dry-run', about: 'Only says what would be made again.' },
  ],
  upgrade: [
    {
      line: 'stagewright upgrade RUN --dry-run',
      about: 'What the revision that is served now would change.',
    },
    {
      line: 'stagewright upgrade RUN --to COMMIT',
      about: 'Goes on under that commit; pays for what changed.',
    },
  ],
  'next-stage': [{ line: 'stagewright next-stage RUN', about: 'Lets a stage with `advance: manual` go on.' }],
  serve: [
    { line: 'stagewright serve', about: 'On the embedded database, at http://127.0.0.1:3000.' },
    {
      line: 'stagewright serve --port 0 --data-dir /var/lib/stagewright',
      about: 'On a free port, with its own data.',
    },
    {
      line: 'stagewright serve --registry ../my-templates',
      about: 'With the templates of a Git repository on this machine.',
    },
    {
      line: 'stagewright serve --registry ../my-templates --watch',
      about: 'With the files of that folder as they are, and every edit at once.',
    },
  ],
};
