import type { SizeName } from './exported-archive.js';
import type { Stage } from './row.js';

/** When a process is killed, and what the one after it finds. */
export interface Kill {
  number: number;
  size: SizeName;
  stage: Stage;
  /** By then this much of the object has been served, as a fraction; null: by time alone. */
  served: number | null;
  /** Then this much later, in milliseconds; without `served`, after its start. */
  later: number;
  /** How often a process is killed so before one may go on. */
  times: number;
  overwrite: boolean;
  /** Whether the object is the same for the process that may go on. */
  then: 'same' | 'same size, changed' | 'changed';
}

/** A small generator of pseudo-random numbers from 0 to 1 (mulberry32), so that a seed repeats a run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The kills of one run of the tests: most in the middle of a large object, some at its ends, some in a small one. */
export function planKills(seed: number): Kill[] {
  const random = randomFrom(seed);
  const of = <const T>(...values: T[]): T => values[Math.floor(random() * values.length)]!;
  const kill = (number: number): Kill => {
    const overwrite = of(true, false);
    const then = of<Kill['then']>('same', 'same', 'same', 'same size, changed', 'changed');
    const any = { number, overwrite, then, times: 1 };
    if (number % 10 === 0) return { ...any, size: 'huge', then: 'same', stage: 'middle', served: 0.7 + 0.29 * random(), later: 0 };
    if (number % 5 === 1) return { ...any, size: 'small', stage: 'middle', served: random(), later: 30 * random() };
    if (number % 5 === 2) return { ...any, size: of('small', 'large'), stage: 'wait', served: null, later: 500 * random() };
    if (number % 5 === 3) return { ...any, size: of('small', 'large'), stage: 'rename', served: 1, later: 200 * random() ** 2 };
    return { ...any, size: 'large', stage: 'middle', served: random(), later: 0, times: of(1, 1, 2, 3) };
  }; // prettier-ignore
  return Array.from({ length: 50 }, (_, index) => kill(index + 1));
}
