/** Second names of files that are replaced: who still has one open for writing writes there. */
import { createHash } from 'node:crypto'
import { linkSync, lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'
import { absolute, fingerprintOf, parentOf } from './at-path.ts'

/** A second name of a file that is about to be replaced: who still has it open for writing writes there. */
export interface Replaced {
  readonly path: PathBytes
  readonly aside: string
  readonly state: string
  /** Before it got its second name. */
  readonly fingerprint: string | null
}

export function setAside(
  { root, aside }: { readonly root: string; readonly aside: string },
  path: PathBytes,
): Replaced | null {
  const place = absolute(root, path)
  if (lookAt(place)?.kind !== 'file') return null
  const name = secondName(aside, path)
  const [state, fingerprint] = [contentState(place), fingerprintOf(root, path)]
  try {
    linkSync(place, name)
  } catch (error) {
    // Another disk, or one without second names.
    if (errnoOf(error) === null) throw error
    return null
  }
  return { path, aside: name, state, fingerprint }
}

/** To be found again by the path alone, after a crash. */
function secondName(aside: string, path: PathBytes): string {
  return join(aside, createHash('sha256').update(path, 'latin1').digest('hex'))
}

/**
 * Makes ready, in the place of what lies in `staged`, the very files that a placing which came to no end replaced:
 * whoever has one open still writes into it.
 */
export function readyReplaced(aside: string, staged: string, paths: readonly PathBytes[]): void {
  for (const path of paths) {
    const name = secondName(aside, path)
    if (lookAt(name) === null || lookAt(absolute(staged, path)) === null) continue
    unlinkSync(absolute(staged, path))
    linkSync(name, absolute(staged, path))
  }
}

/** Size and time of the last write; a second name changes neither. */
export function contentState(file: string | Buffer): string {
  const stat = lstatSync(file, { bigint: true })
  return `${stat.size}.${stat.mtimeNs}`
}

/** Somebody wrote into a file while it was replaced: theirs comes back, and counts as a change of its own. */
export function writtenMeanwhile(root: string, replaced: readonly Replaced[]): readonly PathBytes[] {
  return replaced.flatMap(({ path, aside, state }) => {
    if (contentState(aside) === state) return []
    mkdirSync(parentOf(absolute(root, path)), { recursive: true })
    renameSync(aside, absolute(root, path))
    return [path]
  })
}
