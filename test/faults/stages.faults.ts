import { expect, it } from '@jest/globals';
import * as library from '../../src/index.js';
import { asJourney, inStages } from './attempts.js';
import { textOf } from './row.js';
import { runRow } from './run-row.js';
import { apiRows, meanwhileRows, resolverRows } from './stage-rows.js';

const rows = [
  ...apiRows.map((row) => ({ ...row, attempt: asJourney(library) })),
  ...[...meanwhileRows, ...resolverRows].map((row) => ({ ...row, attempt: inStages(library) })),
].map((row) => ({ ...row, ends: textOf(row.outcome) }));

it.each(rows)('$fault, $stage, $size: $ends', async ({ attempt, ...row }) => {
  expect(await runRow(attempt, row)).toMatchObject({ outcome: row.ends, wrong: [] });
});
