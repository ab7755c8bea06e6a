/**
 * Every setting, once: its key, what it takes and what it is for. Parser, messages, environment names and the published
 * JSON schema are all made from this table.
 */
import { z } from 'zod'
import { durationPattern, parseDuration, parseSize, sizePattern } from './units.ts'

/** Entries a list may have; more is refused. */
const listLengthMax = 2_000
const textLengthMax = 1_000

interface Setting<T extends z.ZodType> {
  readonly schema: T
  /** Completes "expected ...". */
  readonly expects: string
}

function setting<T extends z.ZodType>(schema: T, expects: string, description: string): Setting<T> {
  return { schema: schema.meta({ description }), expects }
}

const text = z.string().min(1).max(textLengthMax)

const durationValue = z
  .string()
  .regex(durationPattern)
  .refine((value) => parseDuration(value) !== null)
  .transform((value) => parseDuration(value) ?? 0)

const durationExpected = 'a duration: a decimal number and one of ms, s, m, h, d, such as "30s"'

const duration = (description: string) => setting(durationValue, durationExpected, description)

const size = (description: string) =>
  setting(
    z
      .string()
      .regex(sizePattern)
      .refine((value) => parseSize(value) !== null)
      .transform((value) => parseSize(value) ?? 0),
    'a size: a decimal number and one of B, KB, MB, GB, such as "50MB"',
    description,
  )

const count = (description: string) =>
  setting(z.int().min(0).max(1_000_000), 'a whole number from 0 to 1000000', description)

const flag = (description: string) => setting(z.boolean(), 'true or false', description)

const choice = <const T extends readonly [string, ...string[]]>(options: T, description: string) =>
  setting(z.enum(options), `one of ${options.map((option) => `"${option}"`).join(', ')}`, description)

const list = <T extends z.ZodType>(of: T, expects: string, description: string) =>
  setting(z.array(of).max(listLengthMax), expects, description)

const writerPattern = text.refine(isRegularExpression)

function isRegularExpression(source: string): boolean {
  try {
    return new RegExp(source, 'u').source.length > 0
  } catch {
    return false
  }
}

/** `.MD`, `md` and `Makefile` are written as people do and compared in lower case. */
const extension = text.regex(/^[^/\s]+$/).transform((value) => value.toLowerCase().replace(/^\./, ''))

const messageFields = ['summary', 'count', 'directory'] as const
const messageTemplate = text.refine((template) =>
  [...template.matchAll(/\{([^{}]*)\}/g)].every((match) => messageFields.some((field) => field === match[1])),
)

const names = 'a list of names, such as ["main"]'
const patterns = 'a list of regular expressions for program names'

export const settings = {
  remote: setting(text.regex(/^[^-\s]\S*$/), 'the name of a remote', 'Remote that the workspace is kept in step with'),
  branches: setting(
    z.union([
      z.literal('first-start'),
      z
        .array(text.regex(/^[^-\s]\S*$/))
        .min(1)
        .max(listLengthMax),
    ]),
    `"first-start" or ${names}`,
    'Branches that are synced; "first-start" is the one checked out when the daemon first started',
  ),
  filters: setting(
    z.union([z.literal('all'), z.array(text).max(listLengthMax)]),
    '"all" or a list of built-in rule sets, such as ["litter", "agents"]',
    'Built-in rule sets in force',
  ),
  'rules.default': choice(['ANALYZE', 'ALLOW', 'BLOCK'], 'Action for a path that no rule matches'),
  'debounce.immediate': duration('Quiet period of paths that a rule allows'),
  'debounce.code': duration('Quiet period of source, notes and configuration'),
  'debounce.default': duration('Quiet period of all other paths'),
  'debounce.maxWait': duration('Longest wait for a path that never rests'),
  'classes.code': list(
    extension,
    'a list of file extensions or whole base names, such as ["md", "Makefile"]',
    'Extensions (or base names without one) of class code; upper and lower case are the same',
  ),
  watcher: choice(['auto', 'inotify', 'parcel'], 'How changes are noticed'),
  'reconcile.interval': duration('Time between two looks at the whole tree'),
  engine: choice(['auto', 'native', 'embedded'], 'Git implementation'),
  'content.volatileKeys': list(
    text,
    'a list of member names, such as ["timestamp"]',
    'Members whose change alone is no change; the camelCase forms follow',
  ),
  'writers.autonomous': list(writerPattern, patterns, 'Programs that write to themselves: their changes are blocked'),
  'writers.agent': list(writerPattern, patterns, 'Programs whose changes are wanted, in commits of their own'),
  'commit.message': setting(
    messageTemplate,
    `a text that may hold ${messageFields.map((field) => `{${field}}`).join(', ')}`,
    'Subject of automatic commits',
  ),
  'commit.hostName': flag('Whether commits carry the name of the machine instead of an opaque clone id'),
  'limits.mode': choice(['gather', 'strict'], 'Past the budgets: gather changes into fewer commits, or wait'),
  'limits.commitsPerHour': count('Automatic commits an hour that go at once'),
  'limits.commitsPerDay': count('Automatic commits a day that go at once'),
  'limits.cooldown': duration('Time between two commits of a slow pattern'),
  'limits.gather': duration('Time between commits past the budget of the hour'),
  'limits.gatherPastDay': duration('Time between commits past the budget of the day'),
  'retry.delays': setting(
    z.array(durationValue).min(1).max(100),
    `a list of durations, such as ["2s", "4s"]; each is ${durationExpected}`,
    'Waits between tries; the last one doubles from then on',
  ),
  'retry.max': duration('Longest wait between two tries'),
  'push.enabled': flag('Whether commits are pushed'),
  'push.minInterval': duration('Shortest time between two pushes'),
  'push.userCommits': flag("Whether the user's own commits are pushed along"),
  'push.skipCi': flag('Whether automatic commits ask continuous integration to skip them'),
  'pull.enabled': flag('Whether the remote is looked at between pushes, and its commits brought in'),
  'pull.interval': duration("Time between two looks at the remote's tip"),
  'pull.mode': choice(['merge', 'rebase'], "How the remote's commits come in: merged with ours, or ours put on them"),
  'hooks.preCommit': choice(['skip', 'run'], "What happens to the repository's pre-commit hook"),
  'guard.maxFileSize': size('A larger file is held'),
  'guard.maxCommitSize': size('What is more leaves in several commits, and no push carries more than twice as much'),
  'guard.massDeletionFiles': count('More deletions at once than this, and than the share, are held'),
  'guard.massDeletionShare': setting(
    z.number().min(0).max(1),
    'a number from 0 to 1',
    'Share of the tracked files whose deletion at once is held',
  ),
  'health.minFreeDisk': size('With less free space nothing is committed'),
  'health.fsck': duration("Time between two checks of the repository's objects"),
  'journal.keep': duration('How long decisions are remembered'),
  'log.maxSize': size('A larger log is rotated'),
  'notify.desktop': flag('Whether the desktop is told of what needs a person'),
} as const

export type Key = keyof typeof settings
export type Values = { readonly [K in Key]: z.output<(typeof settings)[K]['schema']> }

export const keys = Object.keys(settings) as readonly Key[]

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  default?: unknown
}

/** The JSON schema editors check a configuration file with. `defaults` are the raw values of `config/default.json`. */
export function jsonSchema(defaults: Readonly<Partial<Record<Key, unknown>>>): object {
  const root: Record<string, z.ZodType> = { $schema: z.string().optional() }
  const sections = new Map<string, Record<string, z.ZodType>>()
  for (const key of keys) {
    const [first = key, second] = key.split('.')
    const leaf = settings[key].schema.optional()
    if (second === undefined) root[first] = leaf
    else sections.set(first, { ...sections.get(first), [second]: leaf })
  }
  for (const [name, members] of sections) root[name] = z.strictObject(members).optional()
  const schema = z.toJSONSchema(z.strictObject(root), { io: 'input' }) as JsonSchema
  for (const key of keys) {
    // Put in afterwards: zod would drop the default of what it parses further, for it is one of the parsed value.
    const leaf = key.split('.').reduce<JsonSchema | undefined>((at, name) => at?.properties?.[name], schema)
    if (leaf !== undefined) leaf.default = defaults[key]
  }
  return { ...schema, title: 'Configuration of workspace-sync' }
}
