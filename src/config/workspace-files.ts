import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../errors.ts'
import { configBytesMax, ruleFileBytesMax, ruleFilesMax } from './limits.ts'

/** The directory of a work tree that holds settings and rules of its own. */
export const workspaceDirectory = '.workspace-sync'
export const workspaceConfig = `${workspaceDirectory}/config.json`
export const filtersDirectory = `${workspaceDirectory}/filters`

/** One file of the workspace's own, as it lies there now. */
export interface WorkspaceFile {
  /** From the root of the work tree, as text. */
  readonly path: string
  readonly bytes: Buffer
}

export interface WorkspaceFiles {
  readonly files: readonly WorkspaceFile[]
  /** What is there and was not read, and why: it may have come from anywhere, so it is told and stops nothing. */
  readonly faults: readonly string[]
}

/**
 * Settings and rules that lie in a work tree. Nothing is followed out of it and nothing is waited for: a link, a FIFO
 * or a file that is too large is told and left alone.
 */
export function readWorkspaceFiles(root: string): WorkspaceFiles {
  const files: WorkspaceFile[] = []
  const faults: string[] = []
  const take = (path: string, bytesMax: number): void => {
    const read = readInside(join(root, path), bytesMax)
    if (read === 'absent') return
    if (typeof read === 'string') faults.push(`${path} is not read: it ${read}`)
    else files.push({ path, bytes: read })
  }
  if (!isDirectory(root, workspaceDirectory, faults)) return { files, faults }
  take(workspaceConfig, configBytesMax)
  if (!isDirectory(root, filtersDirectory, faults)) return { files, faults }
  const names = ruleNames(join(root, filtersDirectory), filtersDirectory, faults)
  for (const name of names) take(`${filtersDirectory}/${name}`, ruleFileBytesMax)
  return { files, faults }
}

function ruleNames(directory: string, shown: string, faults: string[]): readonly string[] {
  let names: readonly string[]
  try {
    names = readdirSync(directory).filter((name) => name.endsWith('.rules') && !name.startsWith('.'))
  } catch (error) {
    faults.push(`${shown} is not read: it cannot be listed (${errnoOf(error) ?? 'unknown error'}); make it readable`)
    return []
  }
  if (names.length > ruleFilesMax) {
    faults.push(`${shown} is not read: it holds ${names.length} rule files, more than ${ruleFilesMax}; join some`)
    return []
  }
  return names.toSorted()
}

function isDirectory(root: string, path: string, faults: string[]): boolean {
  try {
    const stat = lstatSync(join(root, path))
    if (stat.isDirectory()) return isPartOf(root, path, faults)
    const what = stat.isSymbolicLink() ? 'is a link' : 'is no directory'
    faults.push(`${path} is not read: it ${what}; put a directory there`)
  } catch (error) {
    const code = errnoOf(error)
    if (code === null) throw error
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR'
    if (!isAbsent) faults.push(`${path} is not read: it cannot be looked at (${code}); make it readable`)
  }
  return false
}

/** What a repository inside brings along, no commit of this one ever had: nobody could say where it came from. */
function isPartOf(root: string, path: string, faults: string[]): boolean {
  const isRepository = lstatSync(join(root, path, '.git'), { throwIfNoEntry: false }) !== undefined
  if (isRepository) faults.push(`${path} is not read: it is a repository of its own; put a plain directory there`)
  return !isRepository
}

/** @returns the bytes, or what is wrong and what to do. */
export function readInside(path: string, bytesMax: number): Buffer | string {
  try {
    // Neither a link nor a FIFO that took the file's place is followed or waited for.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(fd)
      if (!stat.isFile()) return 'is no regular file; put a text file there'
      if (stat.size > bytesMax) return `is larger than ${bytesMax} bytes; make it shorter`
      const bytes = readFileSync(fd)
      return bytes.includes(0) ? 'is no text; put a text file there' : bytes
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent'
    if (code === 'ELOOP') return 'is a link; put a text file there'
    if (code === null) throw error
    return `cannot be read (${code}); make it readable`
  }
}
