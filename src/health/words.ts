/** Steps of 1,024, as sizes are configured. */
export function sizeText(sizeBytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, sizeBytes)) / 10))
  return `${Math.round((sizeBytes / 1024 ** step) * 10) / 10} ${units[step]}`
}

/** The largest unit that says something. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 120 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3_600) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A hint that is a command, without the word that says so: it is to be typed as it stands. */
export function typedHint(hint: string): string {
  return hint.replace(/^run: /, '')
}
