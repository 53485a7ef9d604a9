import { expect, it } from '@jest/globals';
import { statusOf, statusOfRun } from '../../src/cli/exit-status.js';
import { errorCodes, type ErrorCode } from '../../src/errors/index.js';
import { readFileSync } from 'node:fs';

it('gives every code a status, as the documents list it', () => {
  const documented = readFileSync('docs/errors.md', 'utf8');
  for (const code of Object.keys(errorCodes) as ErrorCode[]) {
    if (code === 'ABORTED') continue; // The signal decides.
    const row = new RegExp(`\\| \`${code}\` +\\|.*\\| ${statusOf(code)} +\\|`);
    expect(documented).toMatch(row);
  }
});

it.each([
  [1, [], 0],
  [1, ['NOT_READY'], 6],
  [1, ['EXPORT_FAILED'], 5],
  [3, ['NOT_READY'], 7],
  [2, ['NO_CREDENTIALS', 'NO_CREDENTIALS'], 7],
] as [number, ErrorCode[], number][])('%i teams of which %j failed: %i', (teams, failures, status) => {
  expect(statusOfRun(teams, failures)).toBe(status);
});
