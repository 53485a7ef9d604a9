/** The polynomial of zip's CRC-32, reflected: bit 31 is x⁰. */
const polynomial = 0xedb88320;
const one = 0x80000000;

/** The product of two polynomials modulo the CRC's. */
function multiply(a: number, b: number): number {
  let product = 0;
  let power = b;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= power;
    power = (power & 1) === 1 ? (power >>> 1) ^ polynomial : power >>> 1;
  }
  return product >>> 0;
}

/** x to the power of 8 · `bytes`, by squaring. */
function shift(bytes: number): number {
  let result = one;
  // x⁸
  let square = one >>> 8;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(square, result);
    square = multiply(square, square);
  }
  return result;
}

/**
 * The CRC-32 of two pieces of data one after the other, from those of each: appending n bytes multiplies a CRC by x⁸ⁿ
 * (Mark Adler's method, as in zlib's `crc32_combine`).
 *
 * @param length of the second piece, in bytes
 */
export function combineCrc32(first: number, second: number, length: number): number {
  return (multiply(shift(length), first) ^ second) >>> 0;
}
