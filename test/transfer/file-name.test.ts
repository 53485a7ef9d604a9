import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collisionKey, distinguishedFileName, safeFileName } from '../../src/transfer/file-name.js';

describe('a safe file name', () => {
  test.each([
    ['Team Overview - Team Alvin.zip', 'Team Overview - Team Alvin.zip'],
    ['Team Overview - チーム 🚀 é.zip', 'Team Overview - チーム 🚀 é.zip'],
    ['a/b\\c.zip', 'a_b_c.zip'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\x.zip', 'C__x.zip'],
    ['a<b>c:d"e|f?g*h.zip', 'a_b_c_d_e_f_g_h.zip'],
    ['.', 'team-overview'],
    ['..', 'team-overview'],
    ['...', 'team-overview'],
    ['', 'team-overview'],
    ['   ', 'team-overview'],
    ['\u0000\u001b', 'team-overview'],
    ['.hidden.zip', 'hidden.zip'],
    [' . .x.zip', 'x.zip'],
    ['x.zip. . ', 'x.zip'],
    ['a\u0000b\nc\u007f.zip', 'abc.zip'],
    ['evil\u202Epiz.exe', 'evilpiz.exe'],
    ['a\u2028b\u2029c', 'abc'],
    ['half \ud83d.zip', 'half .zip'],
    ['CON.zip', '_CON.zip'],
    ['con', '_con'],
    ['nul.tar.zip', '_nul.tar.zip'],
    ['COM1.zip', '_COM1.zip'],
    ['lpt².zip', '_lpt².zip'],
    ['CONSOLE.zip', 'CONSOLE.zip'],
  ])('%j is %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  test('keeps its extension when it is cut, and cuts between characters', () => {
    expect(safeFileName(`${'x'.repeat(300)}.zip`)).toBe(`${'x'.repeat(196)}.zip`);
    expect(safeFileName(`${'é'.repeat(300)}.zip`)).toBe(`${'é'.repeat(98)}.zip`);
    expect(safeFileName(`a${'🚀'.repeat(300)}.zip`)).toBe(`a${'🚀'.repeat(48)}.zip`);
  });

  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('.', '/', '\\', ' ', '\u0000', '\u202e', 'a', 'チ', '🚀', '\ud800'),
      maxLength: 400,
    }),
  );

  test('is one segment of limited length, whatever came', () => {
    fc.assert(
      fc.property(anything, (name) => {
        const safe = safeFileName(name);
        expect(safe).toMatch(/^[^/\\:*?"<>|]+$/);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
        expect(safe).not.toMatch(/^[.\s]/);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
      }),
    );
  });

  test('keeps letters of every script', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'Z', 'é', 'ß', 'ж', 'ن', 'チ', '漢', '🚀'), {
          minLength: 1,
          maxLength: 40,
        }),
        (letters) => {
          expect(safeFileName(`${letters.join('')}.zip`)).toBe(`${letters.join('')}.zip`);
        },
      ),
    );
  });

  test('can be told apart', () => {
    expect(distinguishedFileName('Team Overview.zip', '121')).toBe('Team Overview (121).zip');
    expect(distinguishedFileName('README', '1/2')).toBe('README (1_2)');
    expect(distinguishedFileName(`${'x'.repeat(196)}.zip`, '121')).toBe(`${'x'.repeat(190)} (121).zip`);
  });

  test('is the same as another by case and normalisation', () => {
    expect(collisionKey('CAFE\u0301.zip')).toBe(collisionKey('café.zip'));
    expect(collisionKey('a.zip')).not.toBe(collisionKey('b.zip'));
  });
});
