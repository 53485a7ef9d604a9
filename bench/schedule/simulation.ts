/**
 * What a polling schedule costs: lag (from when the file is ready to when it is known) and requests, over ready times
 * between 0.1 s and half an hour, as likely to be in one decade as in another. Pure and seeded: the same every time.
 */
import { nextDelay, type Pace } from '../../src/readiness/schedule.js';

/** The pause in milliseconds after the attempt at `elapsed` ms; `random` is in [0, 1). */
export type Schedule = (elapsed: number, random: number, attempt: number) => number;

export const shortest = 100;
export const longest = 30 * 60_000;

/** The schedule of this package. */
export function ours(pace: Pace = {}): Schedule {
  return (elapsed, random) => nextDelay({ elapsed, remaining: Infinity, retryAfter: null, random, ...pace });
}

export function fixed(milliseconds: number): Schedule {
  return () => milliseconds;
}

export function doubling(first: number, last: number): Schedule {
  return (_, _random, attempt) => Math.min(last, first * 2 ** (attempt - 1));
}

/** Marsaglia's xorshift, so that everyone gets the same numbers. */
export function generator(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

export interface Cost {
  /** Milliseconds from ready to known. */
  lag: number;
  /** Attempts, the successful one included. */
  requests: number;
}

/** One wait for a file that is ready after `ready` ms; an answer takes no time. */
export function wait(schedule: Schedule, ready: number, random: () => number): Cost {
  let elapsed = 0;
  let requests = 1;
  for (; elapsed < ready; requests += 1) elapsed += schedule(elapsed, random(), requests);
  return { lag: elapsed - ready, requests };
}

/** Ready times, log-uniform: stratified, so that few samples cover the range evenly. */
export function readyTimes(count: number, random: () => number): number[] {
  const span = Math.log(longest / shortest);
  return Array.from(
    { length: count },
    (_, index) => shortest * Math.exp((span * (index + random())) / count),
  );
}

/** The mean cost over `readyTimes`. */
export function mean(schedule: Schedule, times: readonly number[], seed = 7): Cost {
  const random = generator(seed);
  let lag = 0;
  let requests = 0;
  for (const ready of times) {
    const cost = wait(schedule, ready, random);
    lag += cost.lag;
    requests += cost.requests;
  }
  return { lag: lag / times.length, requests: requests / times.length };
}

/**
 * The least product of mean lag (s) and mean requests that any schedule can have for these ready times, even one that knows
 * that they end after half an hour: (∫ √(f·S/2) dt)² by Cauchy and Schwarz, f their density, S the chance of being later.
 */
export function leastProduct(): number {
  const span = Math.log(longest / shortest);
  const steps = 100_000;
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    const time = (shortest / 1000) * Math.exp((span * (step + 0.5)) / steps);
    const density = 1 / (time * span);
    const later = Math.log(longest / 1000 / time) / span;
    sum += Math.sqrt((density * later) / 2) * time * (span / steps);
  }
  return sum ** 2;
}

/** What others do, and where that is from. */
export const others = {
  'fixed 0.5 s': fixed(500),
  'fixed 2 s': fixed(2000),
  'fixed 5 s': fixed(5000),
  'doubling 5–120 s': doubling(5000, 120_000),
} as const;

/** Our schedule at the settings of its one knob that answer to the others, in the same order. */
export const settings = { 'fixed 0.5 s': 0.25, 'fixed 2 s': 1, 'fixed 5 s': 3 } as const;
