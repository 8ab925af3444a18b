export { TemplatesModule } from './templates.module.ts';
export { TemplateWritesModule } from './template-writes.module.ts';
