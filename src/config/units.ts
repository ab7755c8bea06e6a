/** Durations and sizes as people write them: a decimal number and a unit. */

const msPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Steps of 1024, as in git's own settings and in what `ls -h` shows. */
const bytesPerUnit: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

/** One source for the parser and for the published schema. Nothing needs a unit to be nothing. */
export const durationPattern = /^(?:0|\d+(?:\.\d+)?\s?(?:ms|s|m|h|d))$/
export const sizePattern = /^(?:0|\d+(?:\.\d+)?\s?(?:B|KB|MB|GB))$/

/** @returns milliseconds, rounded; null when the text is no duration. */
export function parseDuration(text: string): number | null {
  return durationPattern.test(text) ? amount(text, msPerUnit) : null
}

/** @returns bytes, rounded; null when the text is no size. */
export function parseSize(text: string): number | null {
  return sizePattern.test(text) ? amount(text, bytesPerUnit) : null
}

function amount(text: string, units: Readonly<Record<string, number>>): number | null {
  const unit = /[A-Za-z]+$/.exec(text)?.[0]
  const value = Math.round(Number.parseFloat(text) * (unit === undefined ? 1 : (units[unit] ?? Number.NaN)))
  return Number.isSafeInteger(value) ? value : null
}
