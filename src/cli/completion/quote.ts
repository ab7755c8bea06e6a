/** One word for fish, which takes a backslash inside single quotes; the other shells do not. */
export function fishQuoted(word: string): string {
  return `'${word.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** Of a summary what fits beside a candidate. */
export function brief(about: string): string {
  return about.split(/[;:(]/)[0]?.trim() ?? ''
}
