import { notRecordable } from './recording.errors.ts';
import { yamlText } from '../testing/yaml-value.ts';
import { readSource } from '../template/source/read-source.ts';
import { Report } from '../template/source/report.ts';
import { endOf } from '../template/source/source-node.ts';
import type { MapNode } from '../template/source/source-node.ts';
import type { ReplayCase } from '../template/test-file.ts';

/** Parts of a case that are recordings. */
const RECORDINGS = ['answers', 'usage'] as const;

/**
 * The text of a case with the answers, and what they cost, of another run in the place of its own. Everything else stays as it
 * is, to the letter. A cost that the case did not record is not added. Throws `TEST_NOT_RECORDABLE` for a file that is no
 * mapping of lines.
 */
export function withRecordings(
  path: string,
  bytes: Uint8Array,
  recorded: Pick<ReplayCase, (typeof RECORDINGS)[number]>,
): string {
  const root = readSource(path, bytes, new Report());
  if (root?.kind !== 'map' || root.source.text[root.start] === '{')
    throw notRecordable(
      `${path} is not written line by line`,
      'Write each key of the case on a line of its own.',
    );
  const edits = RECORDINGS.flatMap((key) => editFor(root, key, blockOf(key, recorded[key])));
  let { text } = root.source;
  // From the end, so that the places before stay true.
  for (const { start, end, block } of edits.sort((a, b) => b.start - a.start))
    text = text.slice(0, start) + block + text.slice(end);
  return text;
}

function blockOf(key: string, value: object): string {
  return yamlText({ [key]: value });
}

/** In the place of the key and its value; answers that were not there come before what is expected. */
function editFor(root: MapNode, key: (typeof RECORDINGS)[number], block: string) {
  const entry = root.entries.get(key);
  if (entry !== undefined) {
    const { start } = entry.key;
    const end = endOf(entry.node);
    // A block of text ends with its line: so does what replaces it.
    return [{ start, end, block: root.source.text[end - 1] === '\n' ? block : block.trimEnd() }];
  }
  const expect = root.entries.get('expect');
  return key === 'usage' || expect === undefined
    ? []
    : [{ start: expect.key.start, end: expect.key.start, block }];
}
