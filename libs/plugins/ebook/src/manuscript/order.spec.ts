import { describe, expect, it } from '@jest/globals';
import { compareNaturally, readingOrder } from './order.ts';

const order = (files: Record<string, string>) => readingOrder(new Map(Object.entries(files)));

describe('readingOrder', () => {
  it('is by name, with 2 before 10 and the landing page first', () => {
    const names = ['b/10.md', 'b/2.md', 'b/README.md', 'a 1.md', 'A 02.md', 'index.md'];
    expect([...names].sort(compareNaturally)).toEqual([
      'index.md',
      'a 1.md',
      'A 02.md',
      'b/README.md',
      'b/2.md',
      'b/10.md',
    ]);
  });

  it('is total and steady for names that look alike', () => {
    const names = ['1.md', '01.md', '001.md', 'a.md', 'A.md', 'a/1.md', 'a/01.md'];
    const sorted = [...names].sort(compareNaturally);
    expect([...names].reverse().sort(compareNaturally)).toEqual(sorted);
  });

  it('is what the summary lists, then what it forgot', () => {
    const found = order({
      'SUMMARY.md': '[B](b.md)\n* [A](a.md#x "t")\n* [Gone](gone.md)\n* [B](b.md)',
      'a.md': '',
      'b.md': '',
      'c.md': '',
    });
    expect(found).toEqual({ order: ['b.md', 'a.md', 'c.md'], unlisted: ['c.md'] });
  });

  it('puts a README that the summary does not list at the front', () => {
    expect(order({ 'SUMMARY.md': '[A](a.md)', 'a.md': '', 'README.md': '' }).order).toEqual([
      'README.md',
      'a.md',
    ]);
  });

  it('follows a README only when it links most of the files', () => {
    const files = { 'README.md': '[2](2.md) [1](1.md)', '1.md': '', '2.md': '' };
    expect(order(files).order).toEqual(['README.md', '2.md', '1.md']);
    expect(order({ ...files, 'README.md': '[2](2.md)' }).order).toEqual(['README.md', '1.md', '2.md']);
  });
});
