import { describe, expect, it } from '@jest/globals';

import { SharedLookups } from './shared-lookups.ts';

/** Answers with how many lookups there were when each began; the test says when one ends. */
function counted() {
  const ends: Array<(fail?: boolean) => void> = [];
  let begun = 0;
  const lookups = new SharedLookups<string, string>((key) => {
    begun += 1;
    const answer = `${key} ${begun}`;
    return new Promise((resolve, reject) =>
      ends.push((fail) => (fail === true ? reject(new Error(answer)) : resolve(answer))),
    );
  });
  return { lookups, ends, begun: () => begun };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('lookups that are asked for at the same time', () => {
  it('are one for all who ask while another is under way, begun after they asked', async () => {
    const { lookups, ends, begun } = counted();
    const first = lookups.find('ebook');
    const later = [lookups.find('ebook'), lookups.find('ebook')];
    expect(begun()).toBe(1);
    ends[0]!();
    await turn();
    ends[1]!();
    expect(await Promise.all([first, ...later])).toEqual(['ebook 1', 'ebook 2', 'ebook 2']);
  });

  it('are made anew for who asks when none is under way', async () => {
    const { lookups, ends } = counted();
    for (const expected of ['ebook 1', 'ebook 2']) {
      const found = lookups.find('ebook');
      ends.pop()!();
      expect(await found).toBe(expected);
    }
  });

  it('do not wait for lookups of another name', () => {
    const { lookups, begun } = counted();
    void lookups.find('ebook');
    void lookups.find('course');
    expect(begun()).toBe(2);
  });

  it('fail for those who share them only', async () => {
    const { lookups, ends } = counted();
    const first = lookups.find('ebook');
    const second = lookups.find('ebook');
    ends[0]!(true);
    await expect(first).rejects.toThrow('ebook 1');
    await turn();
    ends[1]!();
    await expect(second).resolves.toBe('ebook 2');
  });
});
