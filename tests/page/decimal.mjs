// Exact decimal arithmetic on the texts of a trace: a number is an integer times a power of ten.

/** @returns {{n: bigint, e: number, ulp: {n: bigint, e: number}}} the value of a text, and the unit of its last digit */
export function decimal(text, digits) {
  const [, sign, whole, part = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) || raise(text);
  const e = Number(power) - part.length;
  const n = BigInt(whole + part) * (sign ? -1n : 1n);
  // Trailing zeros are not printed: the last of the significant digits, not of the printed ones, was rounded.
  const significant = String(n < 0n ? -n : n).length;
  return {n, e, unit: n === 0n ? {n: 0n, e: 0} : {n: 1n, e: e + significant - digits}};
}

function raise(text) { throw new Error(`not a decimal number: '${text}'`); }

const at = (x, e) => x.n * 10n ** BigInt(x.e - e);
export function add(...all) {
  const e = Math.min(...all.map(x => x.e));
  return {n: all.reduce((sum, x) => sum + at(x, e), 0n), e};
}
export const multiply = (x, y) => ({n: x.n * y.n, e: x.e + y.e});
export const negate = x => ({n: -x.n, e: x.e});
export const absolute = x => ({n: x.n < 0n ? -x.n : x.n, e: x.e});
export const isAtMost = (x, y) => add(y, negate(x)).n >= 0n;
