/**
 * Who may import whom. ARCHITECTURE.md explains each row; eslint.config.js says the same while typing.
 * `packages` lists every package (and Node built-in) that a part may import beside its own files.
 */
export interface Part {
  name: string;
  folder: string;
  /** Our own packages, by exact entry. */
  ours: string[];
  /** Outside packages; null allows any that the part's package.json declares. */
  packages: string[] | null;
  /** Node built-ins; null allows any. */
  builtins: string[] | null;
  /** Text that may not appear in the part's source, with the reason. */
  forbidden: Array<{ pattern: RegExp; reason: string }>;
}

const NO_ENVIRONMENT = {
  pattern: /\bprocess\.env\b/,
  reason: 'settings have one reader, apps/server/src/config',
};
const NO_CONSOLE = { pattern: /\bconsole\./, reason: 'a library does not print' };
const NO_CLOCK = {
  pattern: /\bDate\.now\(\)|\bnew Date\(\)/,
  reason: 'time comes from the clock port or the run',
};
const PLUGIN_ENTRIES = ['@stagewright/engine', '@stagewright/engine/plugin'];
const PURE_BUILTINS = ['node:crypto', 'node:worker_threads', 'node:buffer', 'node:url', 'node:zlib'];

export const PARTS: Part[] = [
  {
    name: 'engine',
    folder: 'libs/engine/src',
    ours: [],
    packages: ['yaml', 'ajv', 'ajv-formats', 'handlebars', '@marcbachmann/cel-js', 're2js'],
    builtins: PURE_BUILTINS,
    forbidden: [NO_ENVIRONMENT, NO_CONSOLE, NO_CLOCK],
  },
  {
    name: 'plugins',
    folder: 'libs/plugins',
    ours: PLUGIN_ENTRIES,
    packages: null,
    builtins: PURE_BUILTINS,
    forbidden: [NO_ENVIRONMENT, NO_CONSOLE, NO_CLOCK],
  },
  {
    name: 'client',
    folder: 'libs/client/src',
    ours: [],
    packages: null,
    builtins: [],
    forbidden: [NO_ENVIRONMENT, NO_CONSOLE],
  },
  {
    name: 'server',
    folder: 'apps/server/src',
    ours: [
      '@stagewright/engine',
      '@stagewright/engine/template',
      '@stagewright/engine/plugin',
      '@stagewright/engine/isolation',
    ],
    packages: null,
    builtins: null,
    forbidden: [NO_CONSOLE],
  },
  {
    name: 'cli',
    folder: 'apps/cli/src',
    ours: [
      '@stagewright/client',
      '@stagewright/engine',
      '@stagewright/engine/errors',
      '@stagewright/engine/template',
      '@stagewright/engine/text',
      '@stagewright/engine/plugin',
      '@stagewright/engine/isolation',
      '@stagewright/engine/testing',
      '@stagewright/server',
      '@stagewright/server/hermetic',
      '@stagewright/plugin-ebook',
      '@stagewright/plugin-http',
      '@stagewright/plugin-website',
    ],
    packages: null,
    builtins: null,
    forbidden: [{ pattern: /@mikro-orm/, reason: 'the CLI does not touch the database' }],
  },
];

/** Longest source file and the median that the house keeps to, in lines. */
export const FILE_LINES = { most: 400, ninetiethPercentile: 330 };
