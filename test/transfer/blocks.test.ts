import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Blocks, blockSize, type Claim } from '../../src/transfer/blocks.js';

const sizes = fc.integer({ min: 1, max: 40 * blockSize });
const keptOf = (size: number, shares: number[]): Map<number, number> => {
  const kept = new Map<number, number>();
  shares.slice(0, Math.ceil(size / blockSize)).forEach((share, block) => {
    const bytes = Math.floor(share * Math.min(blockSize, size - block * blockSize));
    if (bytes > 0) kept.set(block, bytes);
  });
  return kept;
};

/** Fetches a claim up to `until`, block by block. */
function fetch(blocks: Blocks, claim: Claim, until = claim.end): void {
  while (claim.position < until) {
    const block = Math.floor(claim.position / blockSize);
    const count = Math.min(until, (block + 1) * blockSize) - claim.position;
    blocks.add(block, count);
    claim.position += count;
  }
}

test('claims cover every missing byte exactly once, whatever was kept and however many share', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.constantFrom(0, 0, 0.3, 1, 1), { maxLength: 40 }),
      fc.option(fc.integer({ min: 1, max: 8 })),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (size, shares, sharers, breaks) => {
        const blocks = new Blocks(size, keptOf(size, shares));
        let missing = size - blocks.total;
        const open: Claim[] = [];
        for (;;) {
          const claim = blocks.claim(sharers);
          if (claim !== null) open.push(claim);
          const next = open.shift();
          if (next === undefined) break;
          expect(next.position).toBeLessThan(next.end);
          expect(next.end).toBeLessThanOrEqual(size);
          const at = breaks.pop();
          const until =
            at === undefined ? next.end : next.position + Math.ceil(at * (next.end - next.position));
          missing -= until - next.position;
          fetch(blocks, next, until);
          blocks.release(next);
        }
        expect(missing).toBe(0);
        expect(blocks.total).toBe(size);
        expect(Array.from({ length: blocks.count }, (_, block) => blocks.isWhole(block))).not.toContain(
          false,
        );
      },
    ),
  );
});

test('two claims never overlap', () => {
  fc.assert(
    fc.property(sizes, fc.option(fc.integer({ min: 1, max: 8 })), (size, sharers) => {
      const blocks = new Blocks(size);
      const claims: Claim[] = [];
      for (let claim = blocks.claim(sharers); claim !== null; claim = blocks.claim(sharers))
        claims.push(claim);
      expect(claims.map(({ position }) => position)).toEqual([
        0,
        ...claims.slice(0, -1).map(({ end }) => end),
      ]);
      expect(claims.at(-1)?.end).toBe(size);
    }),
  );
});

test('a claim is a fair share: large at first, small at the end, everything where one connection has to do', () => {
  const blocks = new Blocks(1024 * blockSize);
  const lengths = [];
  for (let claim = blocks.claim(4); claim !== null; claim = blocks.claim(4)) {
    lengths.push((claim.end - claim.position) / blockSize);
    fetch(blocks, claim);
  }
  expect(lengths[0]).toBe(64);
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  expect(lengths.at(-2)).toBe(1);
  expect(new Blocks(1024 * blockSize).claim(null)).toEqual({ position: 0, end: 1024 * blockSize });
});

test('the opening is claimed as far as nothing of it is there', () => {
  const all = 20 * blockSize;
  expect(new Blocks(all).claimOpening(8 * blockSize)).toEqual({ position: 0, end: 8 * blockSize });
  expect(new Blocks(all).claimOpening(8 * blockSize - 5)).toEqual({ position: 0, end: 8 * blockSize - 5 });
  expect(new Blocks(100).claimOpening(100)).toEqual({ position: 0, end: 100 });
  expect(new Blocks(all, new Map([[3, 1]])).claimOpening(8 * blockSize)).toEqual({
    position: 0,
    end: 3 * blockSize,
  });
  expect(new Blocks(all, new Map([[0, 1]])).claimOpening(8 * blockSize)).toBeNull();
});
