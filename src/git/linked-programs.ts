import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { errnoOf } from '../errors.ts'
import { pathBytes, type PathBytes } from '../types.ts'

/** Entries of the directory of hooks that are looked at; git itself knows some thirty names. */
const hooksMax = 1_000

/** githooks(5), git 2.39, but for those of a server; `fsmonitor-watchman` is the sample's name. */
const hookNames = [
  'applypatch-msg commit-msg post-applypatch post-checkout post-commit post-index-change post-merge',
  'post-rewrite pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase',
  'prepare-commit-msg reference-transaction sendemail-validate fsmonitor-watchman',
].flatMap((line) => line.split(' ').map(pathBytes))

/**
 * What of the work tree git runs by way of links: hooks that point into it, programs that are links themselves, and a
 * directory of hooks that is the top of the tree.
 * @param places what configuration names, relative to `root`
 */
export function linkedPrograms(
  root: string,
  hooksDirectory: string,
  places: readonly PathBytes[],
): readonly PathBytes[] {
  const top = target(root)
  const inside = (path: string): readonly string[] => (path.startsWith(`${top}/`) ? [path.slice(top.length + 1)] : [])
  const hooks = namesIn(hooksDirectory).map((name) => join(hooksDirectory, name))
  const named = places.map((path) => join(root, Buffer.from(path, 'latin1').toString('utf8')))
  const found = [hooksDirectory, ...hooks.filter(isLink), ...named].flatMap((path) => inside(target(path)))
  const own = found.filter((path) => path !== '.git' && !path.startsWith('.git/')).map(pathBytes)
  return [...new Set([...own, ...(target(hooksDirectory) === top ? hookNames : [])])]
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).slice(0, hooksMax)
  } catch (error) {
    if (errnoOf(error) === null) throw error
    return []
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

/** Where a path leads to in the end; with nothing there yet, where it would. */
function target(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (errnoOf(error) === null) throw error
  }
  try {
    return resolve(target(dirname(path)), readlinkSync(path))
  } catch (error) {
    if (errnoOf(error) === null) throw error
    return path
  }
}
