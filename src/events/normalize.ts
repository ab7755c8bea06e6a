import type { PathBytes } from '../types.ts'

/** The path of an entry of `directory` ('' is the root). `name` is one byte per unit, as the system gave it. */
export function childPath(directory: PathBytes, name: string): PathBytes {
  return (directory === '' ? name : `${directory}/${name}`) as PathBytes
}

/** '' is the root. */
export function parentPath(path: PathBytes): PathBytes {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as PathBytes
}

/** Every spelling: on a case-insensitive mount `.GIT` is the repository too, and git refuses to track such a name. */
export function isGitName(name: string): boolean {
  return name.length === 4 && name.toLowerCase() === '.git'
}

/** Whether `path` lies somewhere below `directory`; a directory is not below itself. */
export function isBelow(path: PathBytes, directory: PathBytes): boolean {
  return directory === '' ? path !== '' : path.startsWith(`${directory}/`)
}

/**
 * A byte string as `node:fs` takes it. Text is cheaper and the same thing while all bytes are ASCII; anything else must
 * go as bytes, because Node would encode the string once more.
 */
export function systemPath(latin1: string): string | Buffer {
  // oxlint-disable-next-line no-control-regex -- ASCII starts at NUL
  return /^[\0-\x7f]*$/.test(latin1) ? latin1 : Buffer.from(latin1, 'latin1')
}
