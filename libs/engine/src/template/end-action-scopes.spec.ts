import { describe, expect, it } from '@jest/globals';
import { compileTemplate } from './compile-template.ts';
import { grantsForEndAction } from './end-action-scopes.ts';
import { filesFromMap } from './registry-files.ts';

describe('what lets an end action use a scope', () => {
  it.each([
    ['the scope itself', ['http:write'], 'http:write', ['http:write']],
    ['another of its family', ['http:read'], 'http:write', ['http:read']],
    ['nothing of another family', ['runs:start', 'https:read'], 'http:write', []],
    ['nothing when nothing is granted', [], 'http:write', []],
    ['only itself when it has no family', ['other'], 'plain', []],
  ])('is %s', (_what, granted, scope, expected) => {
    expect(grantsForEndAction(granted, scope)).toEqual(expected);
  });
});

describe('a template with an end action', () => {
  const NOTIFY = {
    id: 'http/request',
    description: 'Sends.',
    input: { type: 'object', properties: { url: { type: 'string' } }, additionalProperties: false },
    output: {},
    scopes: ['http:write'],
    idempotency: 'key' as const,
  };
  const catalog = {
    action: (id: string) => (id === NOTIFY.id ? NOTIFY : undefined),
    actions: () => [NOTIFY],
    workflowTypes: () => ['note'],
  };
  const codes = (permissions: string) => {
    const text = [
      'apiVersion: stagewright/v1',
      'name: t',
      'type: note',
      'version: 1.0.0',
      `permissions: ${permissions}`,
      'stages: [{id: a, mode: manual, form: {type: object}}]',
      'onComplete: [{uses: http/request, with: {url: "https://example.org"}}]',
    ].join('\n');
    const files = filesFromMap(new Map([['templates/t/template.yaml', text]]));
    return compileTemplate(files, 't', catalog).findings.map(({ code }) => code);
  };

  it.each([
    ['[http:write]', []],
    ['[http:read]', []],
    ['[runs:start]', ['TEMPLATE_PERMISSION_UNUSED', 'TEMPLATE_PERMISSION_MISSING']],
    ['[]', ['TEMPLATE_PERMISSION_MISSING']],
  ])('that grants %s has the findings %j', (permissions, expected) => {
    expect(codes(permissions)).toEqual(expected);
  });
});
