// @ts-check
import { mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit, remove } from './teardown.mjs';

const memory = '/dev/shm';

/** Whether so much fits into files in memory, and leaves some. @param {number} bytes */
export function memoryHolds(bytes) {
  return Math.min(roomIn(memory), freemem() * 0.8) > bytes;
}

/**
 * Makes the folder for everything that is written, which goes when this process does. In memory where there is room, so
 * that no disk is measured.
 *
 * @param {number} bytes how much will be in it at most
 * @returns {{ folder: string, disk: string } | null} null where there is no room
 */
export function makeWorkspace(bytes) {
  const places = [
    { parent: memory, disk: `memory (${memory})`, fits: memoryHolds(bytes) },
    { parent: tmpdir(), disk: `not in memory (${tmpdir()})`, fits: roomIn(tmpdir()) > bytes },
  ];
  const place = places.find(({ fits }) => fits);
  if (place === undefined) return null;
  const folder = mkdtempSync(join(place.parent, 'datasaur-export-bench-'));
  atExit(() => {
    remove(folder);
  });
  return { folder, disk: place.disk };
}

/** @param {string} folder */
function roomIn(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
