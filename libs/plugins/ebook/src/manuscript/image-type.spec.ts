import { describe, expect, it } from '@jest/globals';
import { inspectImage } from './image-type.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const sized = (width: number, height: number) => {
  const png = Buffer.from(PNG);
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
};

describe('inspectImage', () => {
  it('goes by the bytes, not by the name', () => {
    expect(inspectImage(PNG)).toEqual({ mediaType: 'image/png', width: 1, height: 1 });
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'it is not a PNG'],
    ['text', Buffer.from('hello'), 'it is not a PNG'],
    ['HTML', Buffer.from('<html><img src=x>'), 'it is not a PNG'],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0'), 'it is HEIC'],
    ['AVIF', Buffer.from('\0\0\0\x18ftypavif\0\0\0\0'), 'it is AVIF'],
    ['a cut-off PNG', PNG.subarray(0, 40), 'it is damaged or cut off'],
    ['a PNG of nothing', sized(0, 0), 'it has no size'],
    ['a PNG of 60,000 by 60,000', sized(60_000, 60_000), 'it has more than 100 million pixels'],
    ['a JPEG without an end', Buffer.from('ffd8ffe000104a464946000101', 'hex'), 'it is damaged or cut off'],
    ['a JPEG of nothing but ends', Buffer.from('ffd8ffd9', 'hex'), 'it is damaged'],
    ['a GIF without an end', Buffer.from('GIF89a\x01\0\x01\0'), 'it is damaged or cut off'],
    [
      'a WebP that promises more',
      Buffer.from('RIFF\xff\xff\0\0WEBPVP8 ', 'latin1'),
      'it is damaged or cut off',
    ],
    ['more than 30 MB', Buffer.concat([PNG, Buffer.alloc(30_000_000)]), 'it is larger than 30 MB'],
  ])('refuses %s', (_title, content, reason) => {
    const found = inspectImage(content);
    expect('refused' in found ? found.refused : found).toContain(reason);
  });
});
