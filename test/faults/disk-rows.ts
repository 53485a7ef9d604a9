import { writeFileSync } from 'node:fs';
import { sizes, type SizeName } from './exported-archive.js';
import type { DiskRule, FaultyDisk } from './faulty-disk.js';
import {
  file,
  kept,
  mayKeep,
  nothing,
  precious,
  type Failure,
  type Outcome,
  type Row,
  type Scene,
  type Stage,
} from './row.js';

interface DiskFault {
  fault: string;
  stage: Stage;
  outcome: Outcome;
  /** The rules, for an object of so many bytes. */
  rules: (size: number, scene: Scene) => DiskRule[];
  sizes?: readonly SizeName[];
  overwrite?: boolean;
  appears?: boolean;
  to?: string;
}

export function diskRows(disk: FaultyDisk): Row[] {
  return faults.flatMap(({ rules, sizes: some = ['small', 'large'], ...fault }) =>
    some.map((size) => ({
      ...fault,
      size,
      arrange: (scene) => {
        disk.hits = 0;
        disk.rules = rules(sizes[size], scene);
      },
      hits: () => disk.hits,
      repair: () => {
        disk.rules = [];
      },
    })),
  );
}

/** One rule for one size, where it makes no difference. */
const once = (rule: DiskRule): Pick<DiskFault, 'rules' | 'sizes'> => ({
  rules: () => [rule],
  sizes: ['small'],
});

/** A disk that takes no more after some of the file. What had come of a small one may be too little to be kept. */
function writing(code: string, ends: Failure['code']): DiskFault[] {
  const fault = `write ${code}`;
  const full = (after: (size: number) => number) => (size: number): DiskRule[] =>
    [{ op: 'write', on: 'partial', code, after: after(size) }]; // prettier-ignore
  const half = full((size) => size >> 1);
  const almostAll = full((size) => size - 1);
  return [
    { fault, stage: 'first range', outcome: nothing(ends), rules: full(() => 0) },
    { fault, stage: 'middle', outcome: mayKeep(ends), rules: half, sizes: ['small'] },
    { fault, stage: 'middle', outcome: kept(ends), rules: half, sizes: ['large'] },
    { fault, stage: 'last byte', outcome: mayKeep(ends), rules: almostAll, sizes: ['small'] },
    { fault, stage: 'last byte', outcome: kept(ends), rules: almostAll, sizes: ['large'] },
  ];
}

const appearing =
  ({ target }: Scene) =>
  (): void => {
    writeFileSync(target, precious);
  };

const faults: DiskFault[] = [
  { fault: 'mkdir EACCES', stage: 'request', outcome: nothing('OUTPUT_UNUSABLE'), to: 'new/deep/', ...once({ op: 'mkdir', on: 'any', code: 'EACCES' }) },
  { fault: 'mkdir EROFS', stage: 'request', outcome: nothing('OUTPUT_UNUSABLE'), to: 'new/deep/', ...once({ op: 'mkdir', on: 'any', code: 'EROFS' }) },
  { fault: 'mkdir ENOSPC', stage: 'request', outcome: nothing('DISK_FULL'), to: 'new/deep/', ...once({ op: 'mkdir', on: 'any', code: 'ENOSPC' }) },
  { fault: 'create ENOSPC, new directory', stage: 'request', outcome: nothing('DISK_FULL'), to: 'new/deep/', ...once({ op: 'open', on: 'other', code: 'ENOSPC' }) },
  { fault: 'create EROFS', stage: 'request', outcome: nothing('OUTPUT_UNUSABLE'), ...once({ op: 'open', on: 'any', code: 'EROFS' }) },
  { fault: 'create EACCES', stage: 'request', outcome: nothing('OUTPUT_UNUSABLE'), ...once({ op: 'open', on: 'any', code: 'EACCES' }) },
  { fault: 'create ENOSPC', stage: 'request', outcome: nothing('DISK_FULL'), ...once({ op: 'open', on: 'any', code: 'ENOSPC' }) },
  { fault: 'create EIO', stage: 'request', outcome: nothing('DISK_ERROR'), ...once({ op: 'open', on: 'any', code: 'EIO' }) },
  { fault: 'create EMFILE', stage: 'request', outcome: nothing('DISK_ERROR'), ...once({ op: 'open', on: 'any', code: 'EMFILE' }) },
  { fault: 'lock: create EROFS', stage: 'first range', outcome: nothing('OUTPUT_UNUSABLE'), ...once({ op: 'open', on: 'lock', code: 'EROFS' }) },
  { fault: 'lock: create ENOSPC', stage: 'first range', outcome: nothing('DISK_FULL'), ...once({ op: 'open', on: 'lock', code: 'ENOSPC' }) },
  { fault: 'lock: write ENOSPC', stage: 'first range', outcome: nothing('DISK_FULL'), ...once({ op: 'write', on: 'lock', code: 'ENOSPC' }) },
  { fault: 'lock: write EIO', stage: 'first range', outcome: nothing('DISK_ERROR'), ...once({ op: 'write', on: 'lock', code: 'EIO' }) },
  { fault: 'journal: create EACCES', stage: 'first range', outcome: nothing('OUTPUT_UNUSABLE'), ...once({ op: 'open', on: 'journal', code: 'EACCES' }) },
  { fault: 'journal: write ENOSPC', stage: 'first range', outcome: nothing('DISK_FULL'), ...once({ op: 'write', on: 'journal', code: 'ENOSPC' }) },
  { fault: 'journal: write EIO', stage: 'first range', outcome: nothing('DISK_ERROR'), ...once({ op: 'write', on: 'journal', code: 'EIO' }) },
  { fault: 'partial: create EACCES', stage: 'first range', outcome: nothing('OUTPUT_UNUSABLE'), ...once({ op: 'open', on: 'partial', code: 'EACCES' }) },
  { fault: 'partial: create EROFS', stage: 'first range', outcome: nothing('OUTPUT_UNUSABLE'), ...once({ op: 'open', on: 'partial', code: 'EROFS' }) },
  { fault: 'partial: create ENOSPC', stage: 'first range', outcome: nothing('DISK_FULL'), ...once({ op: 'open', on: 'partial', code: 'ENOSPC' }) },
  { fault: 'too little space', stage: 'first range', outcome: nothing('DISK_FULL'), rules: (size) => [{ op: 'space', on: 'any', free: size - 1 }] },
  { fault: 'space unknown', stage: 'first range', outcome: file, ...once({ op: 'space', on: 'any', code: 'ENOSYS' }) },
  ...writing('ENOSPC', 'DISK_FULL'),
  ...writing('EDQUOT', 'DISK_FULL'),
  ...writing('EFBIG', 'DISK_FULL'),
  ...writing('EIO', 'DISK_ERROR'),
  ...writing('EROFS', 'OUTPUT_UNUSABLE'),
  { fault: 'no space for anything', stage: 'middle', sizes: ['large'], outcome: kept('DISK_FULL'), rules: (size) => [{ op: 'write', on: 'any', code: 'ENOSPC', after: size >> 1 }] },
  { fault: 'short writes', stage: 'middle', outcome: file, rules: () => [{ op: 'write', on: 'partial', short: true }] },
  { fault: 'fsync EIO', stage: 'fsync', outcome: mayKeep('DISK_ERROR'), rules: () => [{ op: 'sync', on: 'partial', code: 'EIO' }] },
  { fault: 'fsync ENOSPC', stage: 'fsync', outcome: mayKeep('DISK_FULL'), rules: () => [{ op: 'sync', on: 'partial', code: 'ENOSPC' }] },
  { fault: 'fsync EDQUOT', stage: 'fsync', outcome: mayKeep('DISK_FULL'), ...once({ op: 'sync', on: 'partial', code: 'EDQUOT' }) },
  { fault: 'close EIO, after fsync', stage: 'fsync', outcome: file, ...once({ op: 'close', on: 'partial', code: 'EIO' }) },
  { fault: 'directory: fsync EINVAL', stage: 'rename', outcome: file, ...once({ op: 'sync', on: 'other', code: 'EINVAL' }) },
  { fault: 'directory: fsync EIO', stage: 'rename', outcome: file, overwrite: true, ...once({ op: 'sync', on: 'other', code: 'EIO' }) },
  ...['EIO', 'EBUSY', 'EXDEV'].flatMap((code): DiskFault[] => [
    { fault: `link and rename ${code}`, stage: 'rename', outcome: kept('DISK_ERROR'), overwrite: false, ...once({ op: 'name', on: 'partial', code }) },
    { fault: `rename ${code}, overwriting`, stage: 'rename', outcome: kept('DISK_ERROR'), overwrite: true, ...once({ op: 'name', on: 'partial', code }) },
  ]),
  ...['EACCES', 'EPERM', 'EROFS'].flatMap((code): DiskFault[] => [
    { fault: `link and rename ${code}`, stage: 'rename', outcome: kept('OUTPUT_UNUSABLE'), overwrite: false, ...once({ op: 'name', on: 'partial', code }) },
    { fault: `rename ${code}, overwriting`, stage: 'rename', outcome: kept('OUTPUT_UNUSABLE'), overwrite: true, ...once({ op: 'name', on: 'partial', code }) },
  ]),
  { fault: 'link and rename ENOSPC', stage: 'rename', outcome: kept('DISK_FULL'), overwrite: false, rules: () => [{ op: 'name', on: 'partial', code: 'ENOSPC' }] },
  { fault: 'rename ENOSPC, overwriting', stage: 'rename', outcome: kept('DISK_FULL'), overwrite: true, rules: () => [{ op: 'name', on: 'partial', code: 'ENOSPC' }] },
  ...['EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS'].map((code): DiskFault =>
    ({ fault: `no hard links: ${code}`, stage: 'rename', outcome: file, ...once({ op: 'link', on: 'partial', code }) })),
  { fault: 'target appears', stage: 'rename', outcome: nothing('FILE_EXISTS'), overwrite: false, appears: true, rules: (_, scene) => [{ op: 'name', on: 'partial', before: appearing(scene) }] },
  { fault: 'target appears, no hard links', stage: 'rename', outcome: nothing('FILE_EXISTS'), overwrite: false, appears: true, sizes: ['small'], rules: (_, scene) => [{ op: 'link', on: 'partial', code: 'EPERM', before: appearing(scene) }] },
]; // prettier-ignore
