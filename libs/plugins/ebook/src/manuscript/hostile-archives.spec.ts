/** Rows P06 and P07 of the hostile inputs, each beside a benign twin, and random damage: only documented codes, never a hang. */
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { readArchive } from './archive.ts';

interface Entry {
  name: string;
  content?: Uint8Array;
  method?: number;
  flags?: number;
  /** Unix mode, as zip keeps it for host 3. */
  mode?: number;
  /** What the directory says, where it lies. */
  size?: number;
  packed?: number;
  localName?: string;
  at?: number;
}

/** A zip written by hand: everything a well-behaved writer would refuse to write. */
function zip(entries: Entry[], end: { count?: number; zip64?: boolean; comment?: string } = {}): Uint8Array {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = entry.content ?? new Uint8Array();
    const method = entry.method ?? 8;
    const data = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const name = Buffer.from(entry.name);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const sizes = [crc32(content), entry.packed ?? data.length, entry.size ?? content.length];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    [20, entry.flags ?? 0x800, method, 0, 0].forEach((value, index) =>
      local.writeUInt16LE(value, 4 + index * 2),
    );
    sizes.forEach((value, index) => local.writeUInt32LE(value, 14 + index * 4));
    local.writeUInt16LE(localName.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    [0x0314, 20, entry.flags ?? 0x800, method, 0, 0].forEach((value, index) =>
      central.writeUInt16LE(value, 4 + index * 2),
    );
    sizes.forEach((value, index) => central.writeUInt32LE(value, 16 + index * 4));
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(entry.at ?? offset, 42);
    locals.push(local, localName, data);
    centrals.push(central, name);
    offset += 30 + localName.length + data.length;
  }
  const directory = Buffer.concat(centrals);
  const comment = Buffer.from(end.comment ?? '');
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x06054b50);
  const count = end.zip64 === true ? 0xffff : (end.count ?? entries.length) & 0xffff;
  tail.writeUInt16LE(count, 8);
  tail.writeUInt16LE(count, 10);
  tail.writeUInt32LE(directory.length, 12);
  tail.writeUInt32LE(end.zip64 === true ? 0xffffffff : offset, 16);
  tail.writeUInt16LE(comment.length, 20);
  return new Uint8Array(Buffer.concat([...locals, directory, tail, comment]));
}

const outcome = (archive: Uint8Array): string => {
  try {
    return readArchive(archive)
      .map(({ path }) => path)
      .join(' ');
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
const text = strToU8('# Hi');
const link = { mode: 0o120777 };

describe('P06: what an archive may not hold', () => {
  it.each<[string, Uint8Array]>([
    ['a name that climbs out', zip([{ name: '../../x.md', content: text }])],
    ['a name that climbs out after a while', zip([{ name: 'a/b/../../../x.md', content: text }])],
    ['a climb with backslashes', zip([{ name: '..\\..\\x.md', content: text }])],
    ['an absolute name', zip([{ name: '/etc/cron.d/x', content: text }])],
    ['a drive', zip([{ name: 'C:/x.md', content: text }])],
    ['a NUL', zip([{ name: 'x.md\0.png', content: text }])],
    ['a direction override', zip([{ name: 'x\u202edm.exe', content: text }])],
    [
      'a link, then a file through it',
      zip([
        { name: 'out', content: strToU8('/etc'), ...link },
        { name: 'out/x.md', content: text },
      ]),
    ],
    ['a hard link or device', zip([{ name: 'x.md', content: text, mode: 0o020666 }])],
    [
      'a file inside a file',
      zip([
        { name: 'a.md', content: text },
        { name: 'a.md/b.md', content: text },
      ]),
    ],
    [
      'one name twice, spelled differently',
      zip([
        { name: 'caf\u00e9.md', content: text },
        { name: 'cafe\u0301.md', content: text },
      ]),
    ],
    ['another name in its local header', zip([{ name: 'a.md', localName: '../a', content: text }])],
    ['an encrypted file', zip([{ name: 'a.md', content: text, flags: 0x801 }])],
    ['an unknown method', zip([{ name: 'a.md', content: text, method: 99 }])],
    ['an entry that claims more than is there', zip([{ name: 'a.md', content: text, size: 9 }])],
    ['an entry that claims less than is there', zip([{ name: 'a.md', content: text, size: 1 }])],
    ['more entries than its directory', zip([{ name: 'a.md', content: text }], { count: 2 })],
    [
      'fewer entries than its directory',
      zip(
        [
          { name: 'a.md', content: text },
          { name: 'b.md', content: text },
        ],
        { count: 1 },
      ),
    ],
  ])('%s is refused whole', (_title, archive) => {
    expect(outcome(archive)).toBe('ARCHIVE_UNSAFE');
  });

  it('the benign twins pass: dots in names, folders, umlauts, a comment, stored files', () => {
    const archive = zip(
      [
        { name: 'a..b/', mode: 0o040755, method: 0 },
        { name: 'a..b/a...md', content: text },
        { name: 'a..b/Größe & C.md', content: text, method: 0 },
      ],
      { comment: 'made by hand' },
    );
    expect(readArchive(archive).map(({ path }) => path)).toEqual(['a..b/Größe & C.md', 'a..b/a...md']);
  });
});

describe('P07: what unpacks to too much', () => {
  const megabyte = new Uint8Array(1_000_000);

  it.each<[string, () => Uint8Array]>([
    ['a high ratio', () => zip([{ name: 'a.md', content: new Uint8Array(20_000_000) }])],
    [
      'a total beyond the limit',
      () => zip(Array.from({ length: 101 }, (_, index) => ({ name: `${index}.md`, content: megabyte }))),
    ],
    [
      'too many entries',
      () => zip(Array.from({ length: 2_001 }, (_, index) => ({ name: `${index}`, method: 0 }))),
    ],
    ['65,536 entries and more', () => zip([{ name: 'a.md', content: text }], { zip64: true })],
    ['a size that only a lie could have', () => zip([{ name: 'a.md', content: text, size: 0xfffffff0 }])],
  ])('%s is refused before unpacking', (_title, archive) => {
    const bytes = archive();
    const started = process.cpuUsage();
    expect(outcome(bytes)).toBe('ARCHIVE_TOO_LARGE');
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(500);
  });

  it('entries that share bytes, as in quoted-overlap bombs, are refused', () => {
    const shared = zip([
      { name: 'a.md', content: megabyte },
      { name: 'a.md', content: megabyte, at: 0 },
    ]);
    expect(outcome(shared)).toBe('ARCHIVE_UNSAFE');
  });

  it('the benign twins pass: a repetitive text, an archive within as a file, 2,000 entries', () => {
    expect(outcome(zip([{ name: 'a.md', content: new Uint8Array(9_000_000).fill(0x61) }]))).toBe('a.md');
    const nested = zip([
      { name: 'inner.zip', content: zip([{ name: '../x', content: text }]) },
      { name: 'a.md', content: text },
    ]);
    expect(outcome(nested)).toBe('a.md inner.zip');
    const many = zip(Array.from({ length: 2_000 }, (_, index) => ({ name: `${index}.md`, method: 0 })));
    expect(outcome(many).split(' ')).toHaveLength(2_000);
  });
});

describe('random damage', () => {
  const whole = zipSync({
    'a/one.md': strToU8('# One\n'.repeat(50)),
    'a/two.md': [text, { level: 0 }],
    'b.png': new Uint8Array(300),
  });
  const DOCUMENTED = /^(?:ARCHIVE_UNSAFE|ARCHIVE_TOO_LARGE)$/;
  const safe = (archive: Uint8Array) => {
    const found = outcome(archive);
    if (!DOCUMENTED.test(found))
      for (const path of found.split(' ')) expect(path).not.toMatch(/^\/|\.\.\/|\\/);
  };

  it('of single bytes gives files or a documented code', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const archive = whole.slice();
          for (const [at, value] of changes) archive[at] = value;
          safe(archive);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('by cutting off, at every length, gives a documented code', () => {
    for (let length = 0; length < whole.length; length++)
      expect(outcome(whole.subarray(0, length))).toMatch(DOCUMENTED);
  });

  it('of directories made of random numbers gives files or a documented code', () => {
    const entry = fc.record(
      {
        name: fc.oneof(
          fc.string({ maxLength: 30 }),
          fc.constantFrom('a/b', 'a', '..', '/x', 'C:\\', 'x/', '.', ''),
        ),
        content: fc.uint8Array({ maxLength: 40 }),
        method: fc.constantFrom(0, 8, 8, 14),
        flags: fc.constantFrom(0, 0x800, 1, 0x40, 0x2000, 8),
        mode: fc.nat(0xffff),
        size: fc.nat(0xffffffff),
        packed: fc.nat(0xffffffff),
        at: fc.nat(500),
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 5 }),
        fc.record({ count: fc.nat(6) }, { requiredKeys: [] }),
        (entries, end) => {
          safe(zip(entries, end));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('of no zip at all gives a documented code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => expect(outcome(bytes)).toMatch(DOCUMENTED)),
    );
  });
});
