import { expect, it } from '@jest/globals';
import * as library from '../../src/index.js';
import { inStages } from './attempts.js';
import { storedObject } from './exported-archive.js';
import { brokenConnections, lies, refusals, replacements, rowsOf, wrongBodies } from './network-rows.js';
import { textOf } from './row.js';
import { runRow } from './run-row.js';

const replaced = replacements(await storedObject('large', 2), await storedObject('small', 2));
const rows = [
  // Until the first byte comes, the size makes no difference.
  ...rowsOf([...brokenConnections, ...wrongBodies, ...replaced], 'large', [
    'first range',
    'middle',
    'last byte',
  ]),
  // Nor does the stage, where nothing but the answer counts.
  ...rowsOf([...refusals, ...lies], 'large', ['middle']),
];

it.each(rows.map((row) => ({ ...row, ends: textOf(row.outcome) })))('$fault, $stage: $ends', async (row) => {
  expect(await runRow(inStages(library), row)).toMatchObject({ outcome: row.ends, wrong: [] });
});
