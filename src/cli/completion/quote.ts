/** One word for a shell, whatever is in it. fish takes a backslash inside single quotes, the others do not. */
export function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

export function fishQuoted(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** Of a summary what fits beside a candidate. */
export function brief(about: string): string {
  return about.split(/[;:(]/)[0]?.trim() ?? ''
}
