import { describe, expect, it } from '@jest/globals';

import { authorOf } from './git-writer.ts';

describe('the author of a commit', () => {
  it.each([
    ['ada', 'ada', 'ada'],
    ['ada@example.org', 'ada@example.org', 'ada-example.org'],
    ['Zoë Łuk', 'Zoë Łuk', 'Zoe-uk'],
    [
      'x> <evil@example.org> 0 +0000\ncommitter root',
      'x evil@example.org 0 +0000 committer root',
      'x-evil-example.org-0-+0000-committer-root',
    ],
    ['--help', '--help', 'help'],
    ['\u0000\u001b[31m\u202e', '31m', '31m'],
    ['', 'unknown', 'unknown'],
    ['<>', 'unknown', 'unknown'],
    ['名前', '名前', 'unknown'],
  ])('%j is %j', (id, name, mailbox) => {
    expect(authorOf({ kind: 'user', id })).toEqual({
      name,
      email: `${mailbox}@users.noreply.stagewright.invalid`,
    });
  });

  it('is never longer than a line should be', () => {
    expect(authorOf({ kind: 'user', id: 'a'.repeat(10_000) }).name).toHaveLength(100);
  });
});
