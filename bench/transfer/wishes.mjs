// @ts-check
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders as known } from './contenders.mjs';

export const helpText = `npm run bench -- [--quick | --full] [--only TITLE]... [--with CONTENDER]... [--rounds N] [--objects FOLDER]

  --quick           three rounds at most, nothing of 1 GiB
  --full            4 GiB too
  --only TITLE      the cells whose title has this in it, up to the end of a word: "1 GiB http", "https", "cold"
  --with CONTENDER  only these, beside the one that ratios refer to: ${Object.keys(known).join(', ')}
  --rounds N        how often everyone runs
  --objects FOLDER  keep the archives there, best in /dev/shm, for the next run (default: they go at the end)

Only a run without --quick, --only, and --with is written to bench/results/.`;

/**
 * @param {string[]} args
 * @returns {(import('./plan.mjs').Wishes & { partial: boolean, help: boolean, objects: string | null }) | string} a string says what is wrong
 */
export function readWishes(args) {
  /** @type {{ quick?: boolean, full?: boolean, help?: boolean, only?: string[], with?: string[], rounds?: string, objects?: string }} */
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        full: { type: 'boolean' },
        help: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        with: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        objects: { type: 'string' },
      },
    }));
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${helpText}`;
  }
  const { quick = false, full = false, help = false, only = [], rounds } = values;
  const contenders = (values.with ?? []).flatMap((list) => list.split(','));
  const stranger = contenders.find((id) => !(id in known));
  if (stranger !== undefined) return `Nobody knows the contender ${stranger}.\n\n${helpText}`;
  if (quick && full) return `--quick and --full exclude each other.\n\n${helpText}`;
  if (rounds !== undefined && !/^[1-9]\d{0,2}$/.test(rounds))
    return `--rounds is not a number.\n\n${helpText}`;
  return {
    ...{ quick, full, only, contenders, help },
    objects: values.objects === undefined ? null : resolve(values.objects),
    rounds: rounds === undefined ? null : Number(rounds),
    partial: quick || only.length > 0 || contenders.length > 0,
  };
}
