import { errnoOf } from '../../errors.ts'
import type { PathBytes } from '../../types.ts'
import type { Disk } from '../disk.ts'
import type { Workbench } from '../workbench.ts'
import { parseIgnore, verdictOf } from './gitignore.ts'
import type { IgnoreRule } from './gitignore.ts'
import { onDisk } from './stat.ts'

/** The ignore rules as they are now, each file read once: to be thrown away after one question. */
export interface IgnoreRules {
  /** A directory that holds it counts, too. */
  isIgnored(path: PathBytes, isDirectory: boolean): boolean
}

export async function currentIgnores(bench: Workbench): Promise<IgnoreRules> {
  const { disk, repository } = bench
  const { ignoreFiles } = await bench.settings.read()
  const general = ignoreFiles.flatMap((file) => rulesIn(disk, file, ''))
  /** By directory: the rules that count for what lies in it. */
  const known = new Map<string, readonly IgnoreRule[]>()
  const excluded = new Map<string, boolean>()

  const rulesFor = (directory: string): readonly IgnoreRule[] => {
    const found = known.get(directory)
    if (found !== undefined) return found
    const above = directory === '' ? general : rulesFor(parentOf(directory))
    const base = directory === '' ? '' : `${directory}/`
    const own = rulesIn(disk, onDisk(repository.root, `${base}.gitignore` as PathBytes), base)
    const rules = own.length === 0 ? above : [...above, ...own]
    known.set(directory, rules)
    return rules
  }
  /** What is below an excluded directory cannot be taken back in. */
  const isExcluded = (directory: string): boolean => {
    if (directory === '') return false
    const found = excluded.get(directory)
    if (found !== undefined) return found
    const parent = parentOf(directory)
    const answer = isExcluded(parent) || verdictOf(rulesFor(parent), directory, true) === true
    excluded.set(directory, answer)
    return answer
  }
  return {
    isIgnored: (path, isDirectory) => {
      if (isDirectory) return isExcluded(path)
      const parent = parentOf(path)
      return isExcluded(parent) || verdictOf(rulesFor(parent), path, false) === true
    },
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** git follows no link to an ignore file of the work tree (2.32 and later). */
function rulesIn(disk: Disk, file: string | Buffer, base: string): readonly IgnoreRule[] {
  try {
    if (typeof file !== 'string' && disk.identify(file)?.kind !== 'file') return []
    return parseIgnore(disk.read(file)?.toString('latin1') ?? '', base)
  } catch (error) {
    // A directory of that name, or one that nobody may read.
    if (['EISDIR', 'EACCES'].includes(errnoOf(error) ?? '')) return []
    throw error
  }
}
