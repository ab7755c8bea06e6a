import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configFiles, type ConfigInput } from '../config/config.ts'
import { createStateWatch, type StateWatch } from '../events/events.ts'
import type { Clock } from '../platform/platform.ts'

/** An editor writes, renames and removes for one save. */
const gatherMs = 150
/** Links followed at most; a directory of more rule files is refused anyway. */
const linksMax = 300

export interface ConfigWatch {
  close(): void
}

/**
 * Tells that files of rules or settings may have changed: the user's and the workspace's, directories that do not exist
 * yet, and files that are links. Other programs write in the same directories; what they do is not told.
 */
export function watchConfig(input: ConfigInput, clock: Clock, onChange: () => void): ConfigWatch {
  let seen = ''
  let watched: readonly string[] = []
  let watch: StateWatch | null = null
  const rewatch = (): void => {
    const directories = directoriesOf(input)
    if (watch !== null && directories.join('\0') === watched.join('\0')) return
    watch?.close()
    watched = directories
    watch = createStateWatch({ directories, clock, gatherMs, onChange: noticed })
  }
  const noticed = (): void => {
    rewatch()
    const now = fingerprint(input)
    if (now === seen) return
    seen = now
    onChange()
  }
  rewatch()
  // What changed since all of it was read, which was before the watch was made, was not noticed.
  clock.after(0, noticed)
  return { close: () => watch?.close() }
}

function placesOf(input: ConfigInput): {
  readonly files: readonly string[]
  readonly ruleDirectories: readonly string[]
} {
  const user = configFiles.userPlaces(input)
  const own = input.workspace === null ? null : join(input.workspace, configFiles.workspaceDirectory)
  return {
    files: [user.configFile, ...(own === null ? [] : [join(own, 'config.json')])],
    ruleDirectories: [user.filters, ...(own === null ? [] : [join(own, 'filters')])],
  }
}

function filesOf(input: ConfigInput): readonly string[] {
  const { files, ruleDirectories } = placesOf(input)
  const rules = ruleDirectories.flatMap((directory) => namesIn(directory).map((name) => join(directory, name)))
  return [...files, ...rules]
}

/** Every directory in which such a file can appear; of one that is not there, the nearest that is. */
function directoriesOf(input: ConfigInput): readonly string[] {
  const { files, ruleDirectories } = placesOf(input)
  const wanted = [...files.map((file) => dirname(file)), ...ruleDirectories]
  const around = wanted.flatMap((directory) => [nearest(directory), nearest(dirname(directory))])
  const targets = filesOf(input).filter(isLink).slice(0, linksMax).flatMap(targetDirectory)
  return [...new Set([...around, ...targets])].toSorted()
}

function nearest(directory: string): string {
  for (let at = directory; ; at = dirname(at)) if (existsSync(at) || at === dirname(at)) return at
}

function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink()
  } catch {
    // Nothing lies there, or a file stands where its directory should be.
    return false
  }
}

function targetDirectory(link: string): readonly string[] {
  try {
    return [dirname(realpathSync(link))]
  } catch {
    // It leads nowhere; the directory that holds the link is watched.
    return []
  }
}

function fingerprint(input: ConfigInput): string {
  return filesOf(input)
    .map((file) => `${file} ${stampOf(file)}`)
    .join('\n')
}

function stampOf(file: string): string {
  try {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? 'gone' : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
  } catch (error) {
    return String(error)
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.rules'))
  } catch {
    return []
  }
}
