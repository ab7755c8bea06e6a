import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ifThere } from './if-there.ts'

/** Every path below a directory, in order. @param except names at the top that are left out. */
export function everyPath(root: string, except: readonly string[] = []): readonly string[] {
  const top = readdirSync(root).filter((name) => !except.includes(name))
  const below = top.flatMap((name) => (isDirectory(join(root, name)) ? walk(join(root, name), name) : [name]))
  return below.toSorted()
}

/** Everything that a write could change: each path with its kind, mode, size, times of content, and bytes. */
export function fullListing(root: string): readonly string[] {
  return everyPath(root).map((path) => {
    const stat = lstatSync(join(root, path))
    const content = stat.isFile()
      ? createHash('sha256')
          .update(readFileSync(join(root, path)))
          .digest('hex')
      : stat.isSymbolicLink()
        ? readlinkSync(join(root, path))
        : ''
    return `${path} ${stat.mode.toString(8)} ${stat.ino} ${stat.mtimeMs} ${stat.ctimeMs} ${content}`
  })
}

function isDirectory(path: string): boolean {
  return ifThere(() => lstatSync(path))?.isDirectory() === true
}

function walk(directory: string, prefix: string): readonly string[] {
  const below = (ifThere(() => readdirSync(directory)) ?? []).flatMap((name) => {
    const path = `${prefix}/${name}`
    return isDirectory(join(directory, name)) ? walk(join(directory, name), path) : [path]
  })
  return [`${prefix}/`, ...below]
}
