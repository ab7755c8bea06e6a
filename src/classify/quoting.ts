import type { PathBytes } from '../types.ts'

/** The path as one word of a shell command, whatever its bytes: what is shown can be pasted. */
export function shellWord(path: PathBytes): string {
  const safe = path.startsWith('-') ? `./${path}` : path
  if (/^[\w./@%+=:,-]+$/.test(safe)) return safe
  const text = Buffer.from(safe, 'latin1').toString('utf8')
  const printable = !text.includes('\ufffd') && !/\p{C}/u.test(text)
  return printable ? `'${text.replaceAll("'", `'\\''`)}'` : ansiQuoted(safe)
}

/** For a sentence: text from outside cannot break the line it stands in, nor colour the terminal. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** bash's and zsh's own form for bytes that cannot be shown. */
function ansiQuoted(bytes: string): string {
  const escaped = bytes.replace(/[^ -&(-[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `$'${escaped}'`
}
