/** Size of one prompt or partial, in UTF-8 bytes. */
export const MAX_PROMPT_BYTES = 64 * 1024;
/** Blocks, `else if` links, partials and sub-expressions inside one another. */
export const MAX_PROMPT_DEPTH = 32;
/** Nodes that one check may visit, partials counted each time they are used: stops doubling chains of partials. */
export const MAX_CHECKED_NODES = 50_000;

/** Names that reach into JavaScript's object machinery: refused as any segment of a path. */
export const FORBIDDEN_SEGMENTS: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/** Shared prompts are named by their path below `prompts/`, without the ending. */
export const PARTIAL_NAME = /^[a-z][a-z0-9_-]{0,63}(?:\/[a-z][a-z0-9_-]{0,63}){0,3}$/;
