import type { Readable } from 'node:stream';
import { unreadableFile } from './cli.errors.ts';

const MOST_BYTES = 10 * 1024 * 1024;

/** Everything that a stream gives, as text. Throws `CLI_FILE_UNREADABLE` above 10 MB. */
export async function readStream(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MOST_BYTES) throw unreadableFile('standard input', 'it is larger than 10 MB');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
