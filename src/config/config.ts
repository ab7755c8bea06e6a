/**
 * Settings and rule files: found, read, merged, checked. Levels, the later wins: built in, the user's file, the
 * environment, `--set`. A workspace's own files came with a clone or a pull as likely as from its user, so they are not
 * read; their presence is told.
 */
import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { assert, SyncError } from '../errors.ts'
import type { RuleFile } from '../types.ts'
import { assignmentLevel, environmentLevel, fileLevel } from './levels.ts'
import type { Given, Mistake, Parsed, Place } from './parse.ts'
import { readRuleFiles } from './rule-files.ts'
import { jsonSchema, keys, type Key, type Values } from './schema.ts'
import { configOf, type Config } from './settings.ts'

export { parseDuration } from './units.ts'
export type { Config, Mistake }

/** Mistakes told at once; the rest is counted. */
const mistakesTold = 20
/** `config/` and `filters/` lie beside `src/` and `dist/`. */
const packageRoot = join(import.meta.dirname, '..', '..')
/** What a workspace could bring along. */
const workspaceFiles = ['config.json', 'filters'] as const

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
  readonly warnings: readonly string[]
}

export type ConfigResult =
  | { readonly kind: 'loaded'; readonly loaded: LoadedConfig }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly Mistake[] }

/** @throws SyncError `configuration` naming every mistake as `file:line:column problem`, with its remedy. */
export async function loadConfig(input: ConfigInput): Promise<LoadedConfig> {
  const result = await checkConfig(input)
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

/** The same as a value: what is in force, or every mistake. Asynchronous so that reading may become so. */
export function checkConfig(input: ConfigInput): Promise<ConfigResult> {
  return Promise.resolve().then(() => check(input))
}

/** One line for people: `file:line:column problem — remedy`. */
export function mistakeLine(mistake: Mistake): string {
  return `${placeText(mistake)} ${mistake.problem} — ${mistake.remedy}`
}

/** The text of `config/schema.json`: what a configuration file may hold, with the defaults. */
export function configSchema(): string {
  const defaults = Object.fromEntries(builtIn().given.map(({ key, raw }) => [key, raw]))
  return `${JSON.stringify(jsonSchema(defaults), null, 2)}\n`
}

function builtIn(): Parsed {
  const defaults = fileLevel(join(packageRoot, 'config', 'default.json'), 'built-in')
  assert(defaults.mistakes.length === 0, `default.json: ${defaults.mistakes.map(mistakeLine).join('; ')}`)
  return defaults
}

function check(input: ConfigInput): ConfigResult {
  const userDirectory = join(configHome(input), 'workspace-sync')
  const userFile = join(userDirectory, 'config.json')
  const levels = [builtIn(), fileLevel(userFile, userFile), environmentLevel(input.env), assignmentLevel(input.sets)]
  const merged = new Map<Key, Given>()
  for (const given of levels.flatMap((level) => level.given)) merged.set(given.key, given)
  const { config, filtersPlace } = assembled(merged)
  const rules = readRuleFiles(
    join(packageRoot, 'filters'),
    join(userDirectory, 'filters'),
    config.filters,
    filtersPlace,
  )
  const mistakes = [...levels.flatMap((level) => level.mistakes), ...rules.mistakes]
  if (mistakes.length > 0) return { kind: 'mistaken', mistakes }
  const settings = [...merged.values()].map(({ key, raw, place }) => ({ key, value: raw, source: originText(place) }))
  const warnings = workspaceWarnings(input.workspace)
  return { kind: 'loaded', loaded: { config, ruleFiles: rules.ruleFiles, settings, warnings } }
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

function workspaceWarnings(workspace: string | null): readonly string[] {
  if (workspace === null) return []
  const found = workspaceFiles
    .map((name) => join(workspace, '.workspace-sync', name))
    .filter((path) => existsSync(path))
  return found.map((path) => `${path} is not read: settings and rules of a workspace are not supported yet`)
}

function placeText(place: Place): string {
  return place.line === null ? `${place.source}:` : `${place.source}:${place.line}:${place.column}`
}

function originText(place: Place): string {
  return place.line === null || place.source === 'built-in' ? place.source : `${place.source}:${place.line}`
}
