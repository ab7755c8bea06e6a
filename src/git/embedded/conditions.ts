import { pathText } from '../../types.ts'
import { redact } from '../failures.ts'
import type { ConfigEntry } from './config-text.ts'
import type { IndexFileEntry, IndexReading } from './index-file.ts'
import { configRows } from './config-rows.ts'
import { isStorableName } from './names.ts'
import { refConditions } from './ref-conditions.ts'
import type { BranchFacts } from './ref-conditions.ts'

/** One thing about a repository with which the engine without git would do harm, in words for people. */
export interface Condition {
  readonly name: string
  readonly detail: string
}

export interface RepositoryFacts {
  /** `.git` is a file, or `commondir` leads elsewhere. */
  readonly isLinked: boolean
  /** Of all levels, the first read first. */
  readonly config: readonly ConfigEntry[]
  /** Configuration files that cannot be read. */
  readonly unreadable: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Those of `tellingFiles` that exist, below the git directory. */
  readonly files: readonly string[]
  /** Other attributes files of this machine that exist. */
  readonly attributesFiles: readonly string[]
  /** Names that git would run at something that this engine does. */
  readonly hooks: readonly string[]
  readonly packs: readonly {
    readonly name: string
    readonly sizeBytes: number
    /** The first bytes of an index of a pack, in hexadecimal. */
    readonly begin?: string
  }[]
  readonly hasReplacements: boolean
  readonly packedRefs: string
  /** The one that is checked out; null: none is. */
  readonly branch: BranchFacts | null
  /** null: there is none, as before the first `add`. */
  readonly index: IndexReading | null
}

/** Below the git directory: each changes what the objects, refs or bytes mean. */
export const tellingFiles = {
  'objects/info/alternates': 'alternates',
  'objects/info/http-alternates': 'alternates',
  'info/grafts': 'grafts',
  'info/attributes': 'attributes',
  'info/sparse-checkout': 'sparse-checkout',
  'config.worktree': 'worktree-config',
  reftable: 'reftable',
} as const

/** Larger ones would be read whole into memory, or take longer than a person waits. */
const embeddedLimits = { packBytesMax: 32 * 1024 * 1024, entriesMax: 10_000 } as const

/** Why this repository is not for the engine without git; empty: it qualifies. */
export function conditionsOf(facts: RepositoryFacts): readonly Condition[] {
  const found: Condition[] = []
  const add = (name: string, detail: string): void => void found.push({ name, detail })
  if (facts.isLinked) add('linked-worktree', 'it is a linked work tree or a submodule')
  for (const file of facts.unreadable) add('config', `${file} cannot be read as git configuration`)
  for (const name of facts.files) add(tellingFiles[name as keyof typeof tellingFiles], `.git/${name} exists`)
  for (const file of facts.attributesFiles) add('attributes', `${file} exists`)
  if (facts.hasReplacements) add('replace-refs', 'refs/replace holds replacement objects')
  for (const hook of facts.hooks) add('hooks', `the hook ${hook} would not run`)
  found.push(...packConditions(facts.packs), ...indexConditions(facts.index), ...configConditions(facts.config))
  found.push(...environmentConditions(facts.environment), ...remoteConditions(facts.config))
  found.push(...refConditions(facts.packedRefs, facts.branch))
  return found
}

function packConditions(packs: RepositoryFacts['packs']): readonly Condition[] {
  const found: Condition[] = []
  const sizeBytes = packs.reduce((sum, pack) => sum + pack.sizeBytes, 0)
  if (sizeBytes > embeddedLimits.packBytesMax) {
    found.push({ name: 'large-packs', detail: `its packs hold ${Math.ceil(sizeBytes / 1024 ** 2)} MB, more than 32` })
  }
  if (packs.some(({ name }) => name.endsWith('.promisor'))) {
    found.push({ name: 'partial-clone', detail: 'it is a partial clone' })
  }
  const odd = packs.find(({ begin }) => begin !== undefined && begin !== packIndexBegin)
  if (odd !== undefined) found.push({ name: 'pack-index', detail: `${odd.name} is of another version than 2` })
  return found
}

/** Version 2 (gitformat-pack(5)); version 1 begins without a sign. */
const packIndexBegin = 'ff744f6300000002'

function indexConditions(reading: IndexReading | null): readonly Condition[] {
  if (reading === null) return []
  if (reading.kind === 'damaged') return [{ name: 'index', detail: 'its index cannot be read' }]
  if (reading.kind === 'version') return [{ name: 'index-version', detail: `its index has version ${reading.version}` }]
  const { index } = reading
  const found: Condition[] = []
  const add = (name: string, detail: string): void => void found.push({ name, detail })
  if (!index.hasChecksum) add('skip-hash', 'its index has no checksum (index.skipHash)')
  for (const { name } of index.extensions) {
    if (name === 'link') add('split-index', 'its index is split (core.splitIndex)')
    else if (name === 'sdir') add('sparse-index', 'its index is sparse (index.sparse)')
    else if (!/^[A-Z]/.test(name)) add('index-extension', `its index has the extension ${name}`)
  }
  return [...found, ...entryConditions(index.entries)]
}

/** What a path is in an index, or would be once a commit is checked out. */
type Tracked = Pick<IndexFileEntry, 'path' | 'rawMode'> & Partial<IndexFileEntry>

export function entryConditions(entries: readonly Tracked[]): readonly Condition[] {
  const found: Condition[] = []
  const add = (name: string, detail: string): void => void found.push({ name, detail })
  if (entries.length > embeddedLimits.entriesMax) {
    add('many-files', `it tracks ${entries.length} files, more than ${embeddedLimits.entriesMax}`)
  }
  const first = (test: (entry: Tracked) => boolean): string | null => {
    const entry = entries.find(test)
    return entry === undefined ? null : pathText(entry.path).replaceAll(/\p{Cc}/gu, '?')
  }
  const wanted: readonly (readonly [string, string, (entry: Tracked) => boolean])[] = [
    ['sparse-index', 'its index is sparse: it holds the directory', ({ rawMode }) => rawMode === 0o040000],
    ['submodule', 'it has the submodule', ({ rawMode, path }) => rawMode === 0o160000 || path === '.gitmodules'],
    ['legacy-mode', 'its index has an unusual mode for', ({ rawMode }) => !usualModes.has(rawMode)],
    ['odd-name', 'it tracks a name that is not UTF-8 or holds a backslash:', ({ path }) => !isStorableName(path)],
    ['attributes', 'it tracks', ({ path }) => /(?:^|\/)\.gitattributes$/.test(path)],
    ['sparse-checkout', 'a sparse checkout left out', ({ skipWorktree }) => skipWorktree === true],
    ['assume-unchanged', 'git was told to look away from', ({ assumeUnchanged }) => assumeUnchanged === true],
  ]
  for (const [name, words, test] of wanted) {
    const path = first(test)
    if (path !== null) add(name, `${words} ${path}`)
  }
  return found
}

const usualModes = new Set([0o100644, 0o100755, 0o120000, 0o160000, 0o040000])

function configConditions(config: readonly ConfigEntry[]): readonly Condition[] {
  // The last value counts, but an extension or an include that is there counts anyhow.
  const last = new Map(config.map(({ key, value }) => [key, value]))
  return [...last].flatMap(([key, value]) => {
    const row = configRows.find(({ pattern, unless }) => pattern.test(key) && !unless.test(value))
    // What a value says may be a secret, such as a header; an address within a key may hold a password.
    return row === undefined ? [] : [{ name: row.name, detail: `${redact(key)} is set: ${row.why}` }]
  })
}

/** Proxies, and configuration that comes from nowhere. */
const refusedVariables = /^(?:https?_proxy|all_proxy|git_config_count|git_config_parameters|git_ssl_.*|git_proxy_.*)$/i

function environmentConditions(environment: RepositoryFacts['environment']): readonly Condition[] {
  return Object.entries(environment)
    .filter(([name, value]) => refusedVariables.test(name) && value !== undefined && value !== '')
    .map(([name]) => ({ name: 'environment', detail: `${name} is set, which only git heeds` }))
}

/** Of the remotes that a branch follows. */
function remoteConditions(config: readonly ConfigEntry[]): readonly Condition[] {
  const last = new Map(config.map(({ key, value }) => [key, value]))
  const followed = new Set(
    [...last].flatMap(([key, value]) => (/^branch\..*\.remote$/s.test(key) && value !== '.' ? [value] : [])),
  )
  return [...followed].flatMap((remote) => {
    const named = (key: string) => config.filter((entry) => entry.key === `remote.${remote}.${key}`)
    const [addresses, pushed] = [named('url'), named('pushurl')]
    const add = (detail: string): Condition => ({ name: 'remote', detail: `the remote ${redact(remote)} ${detail}` })
    // git fetches from the first of them and pushes to each.
    if (addresses.length > 1 || pushed.length > 1) return [add('has more than one address')]
    const all = [addresses[0]?.value ?? remote, ...pushed.map(({ value }) => value)]
    return all.every((address) => /^https?:\/\//.test(address)) ? [] : [add('is not reached by http or https')]
  })
}
