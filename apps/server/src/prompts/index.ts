export { PromptsModule } from './prompts.module.ts';
