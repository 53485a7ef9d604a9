import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeIdentity,
  encodeKept,
  JournalReader,
  type Identity,
  type Kept,
} from '../../src/transfer/journal.js';

const blockSize = 1024 * 1024;
const size = 10 * blockSize - 7;
const identity = { size, validator: '"v1"' };

/** What a journal says, in whatever pieces it is read; null where it is of nothing that is wanted. */
function decodeJournal(text: string, wanted: Identity, pieceLength = 7): Map<number, Kept> | null {
  const reader = new JournalReader(wanted);
  for (let at = 0; at < text.length; at += pieceLength)
    if (!reader.read(text.slice(at, at + pieceLength))) break;
  return reader.isOurs ? reader.kept : null;
}

const anyKept = fc
  .record({ block: fc.nat(9), share: fc.double({ min: 0, max: 1, noNaN: true }), crc: fc.nat(0xffffffff) })
  .map(({ block, share, crc }): Kept => {
    const room = Math.min(blockSize, size - block * blockSize);
    return { block, bytes: 1 + Math.floor(share * (room - 1)), crc };
  });

/** What a journal of these lines says: of each block the last word. */
const latest = (lines: Kept[]): Map<number, Kept> => new Map(lines.map((one) => [one.block, one]));
const byBlock = (kept: Map<number, Kept> | null): Kept[] =>
  [...(kept?.values() ?? [])].sort((a, b) => a.block - b.block);

test('is lines of JSON without secrets', () => {
  expect(encodeIdentity(identity)).toBe(
    `{"format":"datasaur-export partial download, version 2","blockSize":1048576,"size":${size},"validator":"\\"v1\\""}\n`,
  );
  expect(encodeKept({ block: 3, bytes: 5, crc: 7 })).toBe('[3,5,7]\n');
});

test('reads back as it was written; of each block the last word holds', () => {
  fc.assert(
    fc.property(fc.array(anyKept), (lines) => {
      const text = encodeIdentity(identity) + lines.map(encodeKept).join('');
      expect(byBlock(decodeJournal(text, identity))).toEqual(byBlock(latest(lines)));
    }),
  );
});

test('cut off anywhere, as by a process that died, it says what its whole lines say', () => {
  fc.assert(
    fc.property(fc.array(anyKept, { minLength: 1 }), fc.nat(), (lines, at) => {
      const head = encodeIdentity(identity);
      const text = head + lines.map(encodeKept).join('');
      const cut = text.slice(0, at % text.length);
      const whole =
        cut.length < head.length ? null : lines.slice(0, cut.slice(head.length).split('\n').length - 1);
      expect(decodeJournal(cut, identity) === null).toBe(whole === null);
      expect(byBlock(decodeJournal(cut, identity))).toEqual(byBlock(latest(whole ?? [])));
      // The next process goes on after a line break.
      expect(
        byBlock(decodeJournal(`${cut}\n${encodeKept({ block: 0, bytes: 1, crc: 2 })}`, identity)),
      ).toEqual(
        // (A head that lost nothing but its end of line is whole then.)
        whole === null && cut.length < head.length - 1
          ? []
          : byBlock(latest([...(whole ?? []), ...torn(cut, head, lines), { block: 0, bytes: 1, crc: 2 }])),
      );
    }),
  );
});

/** A last line that lost nothing but its end of line is whole after all. */
function torn(cut: string, head: string, lines: Kept[]): Kept[] {
  const rest = cut.slice(head.length).split('\n');
  const last = lines[rest.length - 1];
  return last !== undefined && encodeKept(last) === `${rest.at(-1) ?? ''}\n` ? [last] : [];
}

test('of anything else it is none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeJournal(text, identity)).toBeNull();
    }),
  );
  const other = encodeIdentity({ ...identity, size: size + 1 });
  expect(decodeJournal(other, identity)).toBeNull();
  expect(decodeJournal(encodeIdentity({ ...identity, validator: '"v2"' }), identity)).toBeNull();
  expect(decodeJournal(encodeIdentity(identity).replace('version 2', 'version 1'), identity)).toBeNull();
});

test.each([
  '[0]', '[0,1]', '[10,1,1]', '[-1,1,1]', '[0,0,1]', '[0,1048577,1]', '[9,1048576,1]', '[0,1,-1]', '[0,1.5,1]',
  '["0",1,1]', '{}', 'null', 'x', '',
])('does not heed a line like %s', (line) => {
  expect(decodeJournal(`${encodeIdentity(identity)}${line}\n[1,5,6]\n`, identity)).toEqual(
    new Map([[1, { block: 1, bytes: 5, crc: 6 }]]),
  );
}); // prettier-ignore

test('does not matter in which pieces it is read', () => {
  fc.assert(
    fc.property(fc.array(anyKept), fc.integer({ min: 1, max: 300 }), (lines, pieceLength) => {
      const text = `${encodeIdentity(identity)}${lines.map(encodeKept).join('')}[1,5`;
      expect(byBlock(decodeJournal(text, identity, pieceLength))).toEqual(byBlock(latest(lines)));
    }),
  );
});

test('a line that never ends is not kept in memory, and hides nothing that follows', () => {
  const reader = new JournalReader(identity);
  reader.read(encodeIdentity(identity));
  for (let round = 0; round < 1000; round += 1) expect(reader.read('1'.repeat(64 * 1024))).toBe(true);
  reader.read('\n[1,5,6]\n');
  expect([...reader.kept.values()]).toEqual([{ block: 1, bytes: 5, crc: 6 }]);
});

test('says at once that there is no need to read on', () => {
  const reader = new JournalReader(identity);
  expect(reader.read('{"form')).toBe(true);
  expect(reader.read('ula')).toBe(false);
  const other = new JournalReader(identity);
  expect(other.read(encodeIdentity({ ...identity, size: 1 }))).toBe(false);
});
