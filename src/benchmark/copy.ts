import { copyFileSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { GitEngine } from '../git/git.ts'
import { readEntry } from '../evidence/evidence.ts'
import { pathBytes, pathText, type PathBytes } from '../types.ts'

export interface CopyLimits {
  readonly filesMax: number
  readonly bytesMax: number
  readonly isLate: () => boolean
}

export interface Copied {
  readonly paths: readonly PathBytes[]
  readonly bytes: number
  /** At HEAD of the workspace. */
  readonly trackedFiles: number
}

/** Files larger than this say nothing about syncing and fill the disk. */
const fileBytesMax = 4 * 1024 ** 2
/** What git or this program would take for settings of the copy. */
const steers = /(?:^|\/)\.git[^/]*$|^\.workspace-sync\//

/**
 * Copies tracked files, as they lie there now, until a limit is reached; links and what cannot be read are left out.
 * Every n-th file when there are too many, so that the copy has the workspace's shape.
 */
export async function copyTracked(engine: GitEngine, target: string, limits: CopyLimits): Promise<Copied> {
  const { root } = engine.repository
  const all = await engine.filesBelow((await engine.head()).oid, pathBytes(''))
  const stride = Math.max(1, Math.ceil(all.length / limits.filesMax))
  const paths: PathBytes[] = []
  let bytes = 0
  for (let at = 0; at < all.length && bytes < limits.bytesMax && !limits.isLate(); at += stride) {
    const path = all[at]
    if (path === undefined || pathBytes(pathText(path)) !== path || steers.test(path)) continue
    const entry = readEntry(root, path)
    if (entry?.kind !== 'file' || entry.sizeBytes > fileBytesMax) continue
    if (!copied(join(root, pathText(path)), join(target, pathText(path)))) continue
    paths.push(path)
    bytes += entry.sizeBytes
  }
  return { paths, bytes, trackedFiles: all.length }
}

function copied(from: string, to: string): boolean {
  try {
    mkdirSync(dirname(to), { recursive: true })
    // Without a copy of the bytes where the file system can share them.
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
    return true
  } catch {
    return false
  }
}

/** Contents of copied files, until one of the limits is reached. */
export function contentsOf(
  target: string,
  paths: readonly PathBytes[],
  { filesMax, bytesMax }: { readonly filesMax: number; readonly bytesMax: number },
): readonly Uint8Array[] {
  const contents: Uint8Array[] = []
  let bytes = 0
  for (const path of paths.slice(0, filesMax)) {
    if (bytes >= bytesMax) break
    const content = readFileSync(join(target, pathText(path)))
    contents.push(content)
    bytes += content.length
  }
  return contents
}

export function writeFile(target: string, path: string, text: string): void {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  writeFileSync(join(target, path), text)
}
