import { join } from 'node:path'
import { errnoOf } from '../errors.ts'
import type { Disk } from './disk.ts'
import { failureOf, repositoryError } from './failures.ts'
import { ignoreFilesNamed } from './ignore-files.ts'
import { configEntries } from './parse.ts'
import { includedFile, including, programsNamed, type Entry } from './programs-in-tree.ts'
import type { Names } from './reached.ts'
import type { Git } from './run.ts'
import { userConfigDirectory } from './user-config.ts'

/** git's configuration as it is in force for this work tree, includes and all. */
export interface Config {
  /** The last value counts, as in git. Keys as git prints them: section and variable in lower case. */
  one(key: string): string | null
  /** Every value, the first one first. */
  all(key: string): readonly string[]
  isTrue(key: string): boolean
  /** Whose key is of that form, in git's order. */
  matching(key: RegExp): readonly { readonly key: string; readonly value: string }[]
  readonly hooksDirectory: string
  /** What git runs, or reads configuration from. */
  readonly programs: Names
  /** Of rules beside those in the tree. */
  readonly ignoreFiles: readonly string[]
  /** Absolute paths it was read from, and where more of it may come to lie. */
  readonly files: readonly string[]
}

export interface Settings {
  /** Read again only when one of the files it came from changed. */
  read(): Promise<Config>
  forget(): void
}

interface Cached {
  readonly config: Config
  readonly fingerprint: string
}

const readMs = 30_000

export function createSettings(
  git: Git,
  disk: Disk,
  places: { readonly root: string; readonly gitDir: string; readonly commonDir: string },
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const usual = usualFiles(places, environment)
  const home = environment['HOME'] ?? '/'
  let cached: Cached | null = null
  const fingerprintOf = (files: readonly string[]) => files.map((file) => fingerprintAt(disk, file)).join(' ')
  return {
    forget: () => {
      cached = null
    },
    read: async () => {
      if (cached !== null && fingerprintOf(cached.config.files) === cached.fingerprint) return cached.config
      const before = fingerprintOf(usual)
      const head = join(places.gitDir, 'HEAD')
      const headBefore = fingerprintOf([head])
      const [list, hooks] = await Promise.all([
        git.run({ args: ['config', '--list', '-z', '--show-origin'], deadlineMs: readMs }),
        git.run({ args: ['rev-parse', '--path-format=absolute', '--git-path', 'hooks'], deadlineMs: readMs }),
      ])
      if (list.code !== 0) throw repositoryError(failureOf('config', list))
      const entries = configEntries(list.stdout)
      const isByBranch = entries.some(({ key }) => key.startsWith('includeif.onbranch:'))
      const others = [...otherFiles(entries, places.root, home)].filter((file) => !usual.includes(file))
      const files = [...usual, ...(isByBranch ? [head] : []), ...others]
      const fingerprints = [
        before,
        ...(isByBranch ? [headBefore] : []),
        ...(others.length > 0 ? [fingerprintOf(others)] : []),
      ]
      const hooksDirectory = hooks.stdout.toString('utf8').replace(/\n$/, '')
      const named = programsNamed(entries, places.root, home)
      const programs = {
        files: [...files, ...named.files],
        hooks: [hooksDirectory, join(places.commonDir, 'hooks'), ...named.hooks],
      }
      const values = configOf(entries)
      const ignoreFiles = ignoreFilesNamed(values.one('core.excludesfile'), places, environment)
      const config = { ...values, hooksDirectory, programs, ignoreFiles, files }
      cached = { config, fingerprint: fingerprints.join(' ') }
      return config
    },
  }
}

function usualFiles(
  places: { readonly gitDir: string; readonly commonDir: string },
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const home = environment['HOME'] ?? '/'
  return [
    join(places.commonDir, 'config'),
    join(places.gitDir, 'config.worktree'),
    environment['GIT_CONFIG_GLOBAL'] ?? join(home, '.gitconfig'),
    join(userConfigDirectory(environment), 'config'),
    environment['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig',
  ]
}

/** What was read beside the usual, and what would be, were it there or did its condition hold. */
function otherFiles(entries: readonly Entry[], root: string, home: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { origin, key, value } of entries) {
    if (!origin.startsWith('file:')) continue
    const file = origin.slice('file:'.length)
    if (file.startsWith('/')) found.add(file)
    if (including.test(key)) found.add(includedFile({ origin, value }, root, home))
  }
  return found
}

/** What is not for us to see may be for a condition that does not hold, and is nothing to fail by. */
function fingerprintAt(disk: Disk, file: string): string {
  try {
    return disk.identify(file)?.fingerprint ?? '-'
  } catch (error) {
    return errnoOf(error) ?? '-'
  }
}

function configOf(
  entries: readonly { readonly key: string; readonly value: string }[],
): Pick<Config, 'one' | 'all' | 'isTrue' | 'matching'> {
  const values = new Map(entries.map(({ key, value }) => [key, value]))
  return {
    one: (key) => values.get(key) ?? null,
    all: (key) => entries.filter((entry) => entry.key === key).map(({ value }) => value),
    isTrue: (key) => /^(?:true|yes|on|[1-9]\d*)$/i.test(values.get(key) ?? ''),
    matching: (wanted) => entries.filter(({ key }) => wanted.test(key)),
  }
}
