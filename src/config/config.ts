/**
 * Settings and rule files: found, read, merged, checked. Levels, the later wins: built in, the user's file, the
 * workspace's, the environment, `--set`. A workspace's own files may have come with a clone or a pull: whoever asks
 * says which of them are acknowledged (room `trust`), and what each may say stands in `workspace-scope.ts`.
 */
import { isAbsolute, join } from 'node:path'
import { assert, SyncError } from '../errors.ts'
import type { RuleFile } from '../types.ts'
import { ruleFileBytesMax } from './limits.ts'
import { assignmentLevel, environmentLevel, fileLevel } from './levels.ts'
import type { Given, Mistake, Parsed, Place } from './parse.ts'
import { readText } from './read-text.ts'
import { readRuleFiles } from './rule-files.ts'
import { jsonSchema, keys, type Key, type Values } from './schema.ts'
import { configOf, type Config } from './settings.ts'
import { changeRuleFile, withLines } from './rule-writer.ts'
import { filtersDirectory, readWorkspaceFiles, workspaceDirectory } from './workspace-files.ts'
import { waitingText, workspaceLevel, workspaceRules, type WorkspaceText } from './workspace-level.ts'

export { parseDuration } from './units.ts'
export type { Config, Mistake, WorkspaceText }
export type { RulePlace } from './rule-writer.ts'
export type { WorkspaceFile } from './workspace-files.ts'

/** Mistakes told at once; the rest is counted. */
const mistakesTold = 20
/** `config/` and `filters/` lie beside `src/` and `dist/`. */
const packageRoot = join(import.meta.dirname, '..', '..')

export interface ConfigInput {
  /** Root of the work tree; null: none, as for `config show` outside of one. */
  readonly workspace: string | null
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** `key=value` texts of the command line. */
  readonly sets: readonly string[]
}

/** One setting in force. */
interface EffectiveSetting {
  readonly key: string
  /** As written, not as used. */
  readonly value: unknown
  /** Where it comes from, as shown to people. */
  readonly source: string
}

export interface LoadedConfig {
  readonly config: Config
  readonly ruleFiles: readonly RuleFile[]
  /** In the order of `config/default.json`. */
  readonly settings: readonly EffectiveSetting[]
  /** Of the workspace's file, not in force before somebody acknowledges it. */
  readonly waitingSettings: readonly EffectiveSetting[]
  /** The workspace's files that wait, as paths from its root, and what to do. */
  readonly waiting: readonly { readonly path: string; readonly reason: string }[]
  readonly warnings: readonly string[]
}

/** What a workspace says of itself, and what of it cannot be read. */
export interface WorkspaceSay {
  readonly texts: readonly WorkspaceText[]
  readonly faults: readonly string[]
}

const silent: WorkspaceSay = { texts: [], faults: [] }

export type ConfigResult =
  | { readonly kind: 'loaded'; readonly loaded: LoadedConfig }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly Mistake[] }

/** Files of settings and rules: where they lie, a workspace's own as they are, how rules are added, the schema. */
export const configFiles = {
  userPlaces,
  readWorkspace: readWorkspaceFiles,
  workspaceDirectory,
  filtersDirectory,
  changeRules: changeRuleFile,
  readRules: (path: string) => readText(path, ruleFileBytesMax),
  withLines,
  schema: configSchema,
} as const

/** @throws SyncError `configuration` naming every mistake as `file:line:column problem`, with its remedy. */
export async function loadConfig(input: ConfigInput, workspace: WorkspaceSay = silent): Promise<LoadedConfig> {
  const result = await checkConfig(input, workspace)
  if (result.kind === 'loaded') return result.loaded
  const { mistakes } = result
  const [first] = mistakes
  if (mistakes.length === 1 && first !== undefined) {
    throw new SyncError('configuration', `${placeText(first)} ${first.problem}`, first.remedy)
  }
  const lines = mistakes.slice(0, mistakesTold).map((mistake) => `\n  ${mistakeLine(mistake)}`)
  const more = mistakes.length > mistakesTold ? `\n  and ${mistakes.length - mistakesTold} more` : ''
  const summary = `${mistakes.length} mistakes in the configuration:${lines.join('')}${more}`
  throw new SyncError('configuration', summary, 'correct them, then try "workspace-sync config check"')
}

/**
 * The same as a value: what is in force, or every mistake. Asynchronous so that reading may become so.
 * @param workspace the workspace's own files; nothing where nobody knows how they came there
 */
export function checkConfig(input: ConfigInput, workspace: WorkspaceSay = silent): Promise<ConfigResult> {
  return Promise.resolve().then(() => check(input, workspace))
}

/** One line for people: `file:line:column problem — remedy`. */
export function mistakeLine(mistake: Mistake): string {
  return `${placeText(mistake)} ${mistake.problem} — ${mistake.remedy}`
}

/** The text of `config/schema.json`: what a configuration file may hold, with the defaults. */
function configSchema(): string {
  const defaults = Object.fromEntries(builtIn().given.map(({ key, raw }) => [key, raw]))
  return `${JSON.stringify(jsonSchema(defaults), null, 2)}\n`
}

function builtIn(): Parsed {
  const defaults = fileLevel(join(packageRoot, 'config', 'default.json'), 'built-in')
  assert(defaults.mistakes.length === 0, `default.json: ${defaults.mistakes.map(mistakeLine).join('; ')}`)
  return defaults
}

function check(input: ConfigInput, { texts, faults }: WorkspaceSay): ConfigResult {
  const { directory, configFile } = userPlaces(input)
  const below = [builtIn(), fileLevel(configFile, configFile)]
  const workspace = workspaceLevel(texts, merge(below))
  const levels = [...below, workspace, environmentLevel(input.env), assignmentLevel(input.sets)]
  const merged = merge(levels)
  const { config, filtersPlace } = assembled(merged)
  const rules = readRuleFiles(join(packageRoot, 'filters'), join(directory, 'filters'), config.filters, filtersPlace)
  const mistakes = [...levels.flatMap((level) => level.mistakes), ...rules.mistakes]
  if (mistakes.length > 0) return { kind: 'mistaken', mistakes }
  const waits = texts.filter((text) => text.waits !== null)
  const waiting = waits.map((text) => ({ path: text.path, reason: waitingText(text) }))
  const loaded: LoadedConfig = {
    config,
    ruleFiles: [...rules.ruleFiles, ...workspaceRules(texts)],
    settings: [...merged.values()].map(effective),
    waitingSettings: workspace.waiting.map(effective),
    waiting,
    warnings: [...faults, ...workspace.warnings],
  }
  return { kind: 'loaded', loaded }
}

function merge(levels: readonly Pick<Parsed, 'given'>[]): ReadonlyMap<Key, Given> {
  return new Map(levels.flatMap((level) => level.given.map((given) => [given.key, given] as const)))
}

function effective({ key, raw, place }: Given): EffectiveSetting {
  return { key, value: raw, source: originText(place) }
}

/** Where the user's own settings and rules lie, whether or not they do. */
function userPlaces(input: ConfigInput): {
  readonly home: string
  readonly directory: string
  readonly configFile: string
  readonly filters: string
} {
  const home = configHome(input)
  const directory = join(home, 'workspace-sync')
  return { home, directory, configFile: join(directory, 'config.json'), filters: join(directory, 'filters') }
}

function assembled(merged: ReadonlyMap<Key, Given>): { readonly config: Config; readonly filtersPlace: Place } {
  const missing = keys.filter((key) => !merged.has(key))
  assert(missing.length === 0, `default.json lacks ${missing.join(', ')}`)
  const values = Object.fromEntries([...merged].map(([key, given]) => [key, given.value]))
  // Every value has passed the schema of its key, and none is missing: that is what the type says.
  const config = configOf(values as Values)
  return { config, filtersPlace: merged.get('filters')?.place ?? { source: 'built-in', line: null, column: null } }
}

/** A relative XDG_CONFIG_HOME is to be ignored, says the XDG base directory specification. */
function configHome(input: ConfigInput): string {
  const given = input.env['XDG_CONFIG_HOME']
  return given !== undefined && isAbsolute(given) ? given : join(input.home, '.config')
}

function placeText(place: Place): string {
  return place.line === null ? `${place.source}:` : `${place.source}:${place.line}:${place.column}`
}

function originText(place: Place): string {
  return place.line === null || place.source === 'built-in' ? place.source : `${place.source}:${place.line}`
}
