#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/bundle/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('Stagewright is not built yet.\n  hint: run "npm run build" first.');
  process.exitCode = 2;
}
