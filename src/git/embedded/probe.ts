import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { SyncError, errnoOf } from '../../errors.ts'
import type { Repository } from '../engine.ts'
import { userConfigDirectory } from '../user-config.ts'
import { conditionsOf, tellingFiles } from './conditions.ts'
import type { Condition, RepositoryFacts } from './conditions.ts'
import { readConfigFiles } from './config-files.ts'
import { readWholeIndex } from './index-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

interface Place {
  readonly root: string
  readonly gitDir: string
  readonly isLinked: boolean
}

/**
 * The work tree around a directory, found without git.
 * @throws SyncError `repository`: none here, bare, another user's, or one in which the engine without git does harm;
 * every condition is named
 */
export function probeEmbedded(directory: string, environment: Environment): Repository {
  const place = findPlace(directory)
  const { root, gitDir } = place
  checkOwner(place, environment)
  const conditions = embeddedConditions(place, environment)
  if (conditions.length > 0) throw refusal(root, conditions)
  return {
    root,
    gitDir,
    commonDir: gitDir,
    indexPath: join(gitDir, 'index'),
    stateDir: join(gitDir, 'workspace-sync'),
    objectFormat: 'sha1',
    fileMode: true,
    links: true,
  }
}

function refusal(root: string, conditions: readonly Condition[]): SyncError {
  const words = conditions.slice(0, 5).map(({ name, detail }) => `${detail} (${name})`)
  const more = conditions.length > words.length ? `, and ${conditions.length - words.length} more` : ''
  return new SyncError(
    'repository',
    `${root} cannot be synced without git: ${words.join('; ')}${more}`,
    'install git 2.38 or later, which does all of this',
    conditions,
  )
}

/** Looked at anew each time, a few milliseconds: any of it may change while the daemon runs. */
export function embeddedConditions(place: Place, environment: Environment): readonly Condition[] {
  return place.isLinked
    ? [{ name: 'linked-worktree', detail: 'it is a linked work tree or a submodule' }]
    : conditionsOf(factsOf(place, environment))
}

function factsOf({ gitDir }: Place, environment: Environment): RepositoryFacts {
  const { entries, unreadable } = readConfigFiles(gitDir, environment)
  const index = bytesAt(join(gitDir, 'index'))
  const packedRefs = textAt(join(gitDir, 'packed-refs')) ?? ''
  const attributes = [
    join(userConfigDirectory(environment), 'attributes'),
    ...(environment['GIT_ATTR_NOSYSTEM'] === undefined ? ['/etc/gitattributes'] : []),
  ]
  return {
    isLinked: exists(join(gitDir, 'commondir')),
    config: entries,
    unreadable,
    environment,
    files: Object.keys(tellingFiles).filter((name) => exists(join(gitDir, name))),
    attributesFiles: attributes.filter((file) => exists(file)),
    hooks: hooksIn(join(gitDir, 'hooks')),
    packs: packsIn(join(gitDir, 'objects', 'pack')),
    hasReplacements: namesIn(join(gitDir, 'refs', 'replace')).length > 0 || packedRefs.includes(' refs/replace/'),
    packedRefs,
    branch: branchOf(gitDir),
    index: index === null ? null : readWholeIndex(index),
  }
}

/** The hooks that git runs at a commit, a push, or a moved ref. */
const hookNames = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'pre-push', 'reference-transaction']

function hooksIn(directory: string): readonly string[] {
  return hookNames.filter((name) => {
    const stat = statSync(join(directory, name), { throwIfNoEntry: false })
    return stat?.isFile() === true && (stat.mode & 0o111) !== 0
  })
}

function packsIn(directory: string): RepositoryFacts['packs'] {
  return namesIn(directory).flatMap((name) => {
    if (name.endsWith('.promisor')) return [{ name, sizeBytes: 0 }]
    if (name.endsWith('.idx')) return [{ name, sizeBytes: 0, begin: beginOf(join(directory, name)) }]
    const stat = name.endsWith('.pack') ? statSync(join(directory, name), { throwIfNoEntry: false }) : undefined
    return stat === undefined ? [] : [{ name, sizeBytes: stat.size }]
  })
}

function beginOf(file: string): string {
  const begin = Buffer.alloc(8)
  const opened = openSync(file, 'r')
  try {
    return begin.toString('hex', 0, readSync(opened, begin, 0, begin.length, 0))
  } finally {
    closeSync(opened)
  }
}

/** The one that is checked out, by its loose file; null: none is, or HEAD names no ref. */
function branchOf(gitDir: string): RepositoryFacts['branch'] {
  const ref = /^ref:\s*(refs\/\S+)/.exec(textAt(join(gitDir, 'HEAD')) ?? '')?.[1]
  if (ref === undefined || ref.split('/').includes('..')) return null
  const file = join(gitDir, ref)
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return { ref, isLink, text: textAt(file) }
}

/** Upwards, as git looks for it. */
function findPlace(directory: string): Place {
  const start = resolve(directory)
  for (let root = start; ; root = dirname(root)) {
    const stat = statSync(join(root, '.git'), { throwIfNoEntry: false })
    if (stat?.isFile() === true) return { root, gitDir: join(root, '.git'), isLinked: true }
    if (stat?.isDirectory() === true && isGitDirectory(join(root, '.git'))) {
      return { root, gitDir: join(root, '.git'), isLinked: false }
    }
    if (isGitDirectory(root)) {
      const isInside = root.endsWith('/.git')
      throw isInside
        ? new SyncError('repository', `${directory} is inside a git directory`, 'name a directory of the work tree')
        : new SyncError('repository', `${directory} is a bare repository`, 'name a directory with a work tree')
    }
    if (root === dirname(root)) break
  }
  throw new SyncError('repository', `${directory} is not in a git work tree`, 'go to one, or run: git init')
}

function isGitDirectory(directory: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => exists(join(directory, name)))
}

/** As git's `safe.directory`: what another user put here might lead us anywhere. */
function checkOwner({ root, gitDir }: Place, environment: Environment): void {
  const own = process.geteuid?.()
  if (own === undefined) return
  const owners = [root, gitDir].map((path) => statSync(path).uid)
  if (owners.every((uid) => uid === own)) return
  // Only what the user or the system says counts, never the repository itself.
  const safe = readConfigFiles(null, environment).entries.filter(({ key }) => key === 'safe.directory')
  if (safe.some(({ value }) => value === '*' || value === root)) return
  throw new SyncError(
    'repository',
    `${root} belongs to another user`,
    `to trust it all the same: git config --global --add safe.directory ${root}`,
  )
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (absent.has(errnoOf(error) ?? '')) return []
    throw error
  }
}

function textAt(path: string): string | null {
  return bytesAt(path)?.toString('utf8') ?? null
}

function bytesAt(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (absent.has(errnoOf(error) ?? '')) return null
    throw error
  }
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR'])
