import { pathBytes, type PathBytes } from './types.ts'

/** As one word of a shell command: what is shown can be typed as it stands. */
export function shellWord(text: string): string {
  return wordOf(pathBytes(text))
}

/** The same for a path, whatever its bytes; one that begins with `-` is no option. */
export function shellPath(path: PathBytes): string {
  return wordOf(path.startsWith('-') ? `./${path}` : path)
}

/** Between quotes in any case, for scripts. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function wordOf(bytes: string): string {
  if (/^[\w./@%+=:,-]+$/.test(bytes)) return bytes
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  const printable = !text.includes('\ufffd') && !/\p{C}/u.test(text)
  return printable ? shellQuoted(text) : ansiQuoted(bytes)
}

/** bash's and zsh's own form for bytes that cannot be shown. */
function ansiQuoted(bytes: string): string {
  const escaped = bytes.replace(/[^ -&(-[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `$'${escaped}'`
}
