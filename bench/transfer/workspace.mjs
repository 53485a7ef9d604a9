// @ts-check
import { mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit, remove } from './teardown.mjs';

/**
 * Makes the folder for everything that is written, which goes when this process does. In memory where there is room, so
 * that no disk is measured.
 *
 * @param {number} bytes how much will be in it at most
 * @returns {{ folder: string, disk: string } | null} null where there is no room
 */
export function makeWorkspace(bytes) {
  const places = [
    { parent: '/dev/shm', disk: 'memory (/dev/shm)', room: Math.min(roomIn('/dev/shm'), freemem() * 0.8) },
    { parent: tmpdir(), disk: `not in memory (${tmpdir()})`, room: roomIn(tmpdir()) },
  ];
  const place = places.find(({ room }) => room > bytes);
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
