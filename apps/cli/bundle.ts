/**
 * Part of the build: the command line, the server behind it and the libraries of both as a few files. A process that
 * reads three thousand modules one by one needs a second longer to start, each time it starts.
 *
 * What stays where it is: packages with native code or with files that they look for beside their own, and the one
 * that all others must find loaded.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');
const BUNDLE = join(import.meta.dirname, 'dist/bundle');
const LEFT_OUTSIDE = [
  '@electric-sql/pglite',
  '@myriaddreamin/typst-ts-node-compiler',
  'bull',
  'reflect-metadata',
  'swagger-ui-dist',
];
/** What libraries work with where it is installed. Here it is not: they find that out when they run. */
const NOT_INSTALLED = [
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
];

/** What libraries written as CommonJS expect of the file that they are in, and what a module asks of its own place. */
const BANNER = `
import { createRequire as createRequire_ } from 'node:module';
import { dirname as dirname_ } from 'node:path';
import { fileURLToPath as fileURLToPath_, pathToFileURL as pathToFileURL_ } from 'node:url';
const require = createRequire_(import.meta.url);
const __filename = fileURLToPath_(import.meta.url);
const __dirname = dirname_(__filename);
`;

/** Our own modules find the files beside them (workers, assets, manifests) and their libraries where they were before. */
const placesOfModules: Plugin = {
  name: 'places of modules',
  setup: (bundler) =>
    bundler.onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const source = await readFile(path, 'utf8');
      const url = `new URL(${JSON.stringify(relative(BUNDLE, path))}, import.meta.url)`;
      const contents = source.replaceAll(
        /import\.meta\.(?:(url)|(dirname)|resolve\(([^)]+)\))/g,
        (_, asksUrl, asksFolder, asked) => {
          if (asksUrl !== undefined) return `${url}.href`;
          if (asksFolder !== undefined) return `dirname_(fileURLToPath_(${url}))`;
          return `pathToFileURL_(createRequire_(${url}).resolve(${asked})).href`;
        },
      );
      return { contents, loader: 'js' };
    }),
};

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['apps/cli/dist/main.js', 'apps/cli/dist/demo.js', 'apps/server/dist/write-starter.js'],
  entryNames: '[name]',
  outdir: BUNDLE,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  keepNames: true,
  banner: { js: BANNER },
  external: [...LEFT_OUTSIDE, ...NOT_INSTALLED],
  plugins: [placesOfModules],
  metafile: true,
  logLevel: 'warning',
});

// Files are named after what is in them: those of earlier builds go, and what is the same stays for processes that run from it.
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of await readdir(BUNDLE)) if (!made.has(name)) await rm(join(BUNDLE, name));
