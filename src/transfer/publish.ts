import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../errors/index.js';
import { fileExists } from './destination.js';
import { onDisk } from './disk-error.js';

/**
 * Gives a verified file its name, at once and whole. Without `overwrite`, a file that has appeared under that name in
 * the meantime stays.
 *
 * @throws FILE_EXISTS
 */
export async function publish(partial: string, target: string, overwrite: boolean): Promise<void> {
  await onDisk(`Naming ${target}`, async () => {
    if (overwrite) await rename(partial, target);
    else await moveUnlessExists(partial, target);
  });
  await syncDirectory(dirname(target));
}

/** A rename would replace silently; a hard link fails when the name is taken. */
async function moveUnlessExists(partial: string, target: string): Promise<void> {
  try {
    await link(partial, target);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') throw fileExists(target);
    if (code === 'ENOENT' || code === 'EROFS' || code === 'EACCES' || code === 'ENOSPC') throw error;
    await reserveAndRename(partial, target);
    return;
  }
  await rm(partial);
}

/** For file systems without hard links: the name is taken first, exclusively, so only a file of our own is replaced. */
async function reserveAndRename(partial: string, target: string): Promise<void> {
  try {
    await (await open(target, 'wx')).close();
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? fileExists(target) : error;
  }
  try {
    await rename(partial, target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

/** So that the new name survives a power cut; some systems cannot, and then the file is no less there. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    await handle.sync().finally(async () => handle.close());
  } catch {
    // Not supported here.
  }
}
