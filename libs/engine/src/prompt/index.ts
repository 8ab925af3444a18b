export { checkPrompt } from './check-prompt.ts';
export type { CheckedPrompt, CheckPromptOptions } from './check-prompt.ts';
export { parsePromptFile } from './prompt-file.ts';
export type { ParsedPrompt } from './prompt-file.ts';
export type { PromptProblem } from './prompt.errors.ts';
export { PROMPT_HELPERS } from './helper-catalog.ts';
export type { PromptHelper } from './helper-catalog.ts';
export { missingVariables } from './render-prompt.ts';
export type { MissingVariable } from './render-prompt.ts';
