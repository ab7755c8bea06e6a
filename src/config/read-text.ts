import { lstatSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../errors.ts'

export type TextRead =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly problem: string; readonly remedy: string }

/** A small text file of at most `sizeBytesMax`. Never waits: a FIFO in its place is told, not opened. */
export function readText(path: string, sizeBytesMax: number): TextRead {
  try {
    const stat = statSync(path)
    if (!stat.isFile()) return { kind: 'unusable', problem: 'not a regular file', remedy: 'put a text file there' }
    if (stat.size > sizeBytesMax) {
      return { kind: 'unusable', problem: `larger than ${sizeBytesMax} bytes`, remedy: 'make it shorter' }
    }
    const text = readFileSync(path, 'utf8')
    if (text.includes('\0')) return { kind: 'unusable', problem: 'not a text', remedy: 'put a text file there' }
    return { kind: 'text', text }
  } catch (error) {
    const code = errnoOf(error)
    if ((code === 'ENOENT' || code === 'ENOTDIR') && !isDangling(path)) return { kind: 'absent' }
    return { kind: 'unusable', problem: `cannot be read (${code ?? 'unknown error'})`, remedy: 'make it readable' }
  }
}

/** Absolute paths of the rule files in a directory, sorted by name; none when there is no directory. */
export function ruleFilePaths(directory: string): readonly string[] | 'unreadable' {
  try {
    const found = readdirSync(directory).filter((name) => name.endsWith('.rules') && !name.startsWith('.'))
    return found.toSorted().map((name) => join(directory, name))
  } catch (error) {
    const code = errnoOf(error)
    return code === 'ENOENT' || code === 'ENOTDIR' ? [] : 'unreadable'
  }
}

/** A link to nothing is somebody's broken setup, not a missing file. */
function isDangling(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}
