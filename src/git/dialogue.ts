/** What is said to git's long-lived helpers, and what they say. */
import type { Oid, PathBytes } from '../types.ts'

/** A name as `hash-object --stdin-paths` reads it: C quotes around what a line cannot hold. */
export function quotedLine(path: PathBytes): Buffer {
  const quoted = Array.from(path, (unit) => (/[\w./+-]/.test(unit) ? unit : octal(unit))).join('')
  return Buffer.from(quoted === path ? `${path}\n` : `"${quoted}"\n`, 'latin1')
}

function octal(unit: string): string {
  return `\\${unit.charCodeAt(0).toString(8).padStart(3, '0')}`
}

/** `cat-file --batch-command`: "<oid> <type> <size>" or "<oid> missing". */
export function objectHeader(
  line: string,
): { readonly oid: Oid; readonly type: string; readonly sizeBytes: number } | null {
  const found = /^([0-9a-f]+) (\w+) (\d+)$/.exec(line)
  if (found === null) return null
  return { oid: found[1] ?? '', type: found[2] ?? '', sizeBytes: Number(found[3]) }
}
