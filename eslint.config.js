import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What a part may not import (ARCHITECTURE.md). `test/architecture` says the same of the whole graph. */
const forbid = (...groups) => ({
  'no-restricted-imports': ['error', { patterns: groups.map(([group, message]) => ({ group, message })) }],
});
const NO_FILES_NO_NETWORK = [
  [
    'fs',
    'fs/*',
    'node:fs',
    'node:fs/*',
    'net',
    'node:net',
    'http',
    'node:http',
    'https',
    'node:https',
    'dns',
    'node:dns',
    'node:dns/*',
    'child_process',
    'node:child_process',
    'undici',
  ],
  'Files, network and processes are reached through a port or the action context.',
];
const NO_HOST = [
  ['@nestjs/*', '@mikro-orm/*', 'openai', '@anthropic-ai/*', 'simple-git', 'bull'],
  'This part is framework-free.',
];

export default defineConfig(
  { ignores: ['**/dist/', '**/node_modules/', 'out/', 'coverage/', '.cache/', '**/generated/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.eslint.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['apps/server/src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off', 'max-params': 'off' },
  },
  {
    files: ['libs/engine/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      ...forbid(NO_FILES_NO_NETWORK, NO_HOST, [['@stagewright/*'], 'The engine imports nothing of ours.']),
      'no-restricted-globals': ['error', 'process', 'fetch', 'setInterval'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes from the clock port.' },
      ],
    },
  },
  {
    files: ['libs/plugins/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      ...forbid(NO_FILES_NO_NETWORK, NO_HOST, [
        ['@stagewright/*', '!@stagewright/engine', '!@stagewright/engine/plugin'],
        'A plugin imports only the public entries of the engine.',
      ]),
      'no-restricted-globals': ['error', 'process', 'fetch'],
    },
  },
  {
    files: ['libs/client/src/**/*.ts'],
    rules: forbid([['@stagewright/*'], 'The client imports nothing of ours.']),
  },
  {
    files: ['apps/server/src/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/server/src/composition/**'],
    rules: forbid(
      [['@stagewright/plugin-*'], 'Plugins meet the engine inside composition/ only.'],
      [['@stagewright/cli', '@stagewright/client'], 'The server does not know its faces.'],
    ),
  },
  {
    files: ['apps/cli/src/**/*.ts'],
    rules: { 'no-console': 'off', ...forbid([['@mikro-orm/*'], 'The CLI does not touch the database.']) },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
