import { describe, expect, it } from '@jest/globals';
import * as library from '../../src/index.js';
import { asJourney, inStages } from './attempts.js';
import { textOf } from './row.js';
import { runRow } from './run-row.js';
import { apiRows, meanwhileRows, resolverRows } from './stage-rows.js';

describe.each([
  ['the journey', asJourney(library), apiRows],
  ['stage by stage', inStages(library), [...meanwhileRows, ...resolverRows]],
] as const)('%s', (_, attempt, rows) => {
  it.each(rows.map((row) => ({ ...row, ends: textOf(row.outcome) })))('$fault, $stage, $size: $ends', async (row) => {
    expect(await runRow(attempt, row)).toMatchObject({ outcome: row.ends, wrong: [] });
  });
}); // prettier-ignore
