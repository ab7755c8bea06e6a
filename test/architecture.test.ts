import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { expect, test } from 'vitest'

/** Who may import whom: a room imports lower lines only; rooms on one line are strangers. */
const lines: readonly (readonly string[])[] = [
  ['errors'],
  ['types'],
  ['shell', 'recent', 'packages', 'living', 'place', 'tokens', 'folders'],
  ['platform'],
  ['config', 'git'],
  [
    'events',
    'witness',
    'evidence',
    'trust',
    'classify',
    'schedule',
    'commit',
    'push',
    'integrate',
    'journal',
    'notices',
    'report',
  ],
  ['control', 'hooks', 'conversion', 'outgoing'],
  ['daemon'],
  ['benchmark', 'demo', 'accuracy', 'health'],
  ['cli'],
]

const pureRooms = ['classify', 'schedule', 'conversion']
const pureFiles = [
  'types.ts',
  'errors.ts',
  'folders.ts',
  'shell.ts',
  'recent.ts',
  'tokens.ts',
  'config/schema.ts',
  'config/workspace-level.ts',
  'config/workspace-scope.ts',
  'git/addresses.ts',
  'git/parse.ts',
  'git/progress.ts',
  'git/merge-by-path.ts',
  'git/merge-tree.ts',
  'git/programs-in-tree.ts',
  'git/raw-changes.ts',
  'git/failures.ts',
  'git/failure-table.ts',
  'git/path-versions.ts',
  'git/embedded/conditions.ts',
  'git/embedded/gitignore.ts',
  'git/embedded/summary.ts',
  'git/embedded/transfer-failures.ts',
  'git/index-info.ts',
  'git/embedded/config-rows.ts',
  'git/embedded/config-text.ts',
  'git/embedded/index-file.ts',
  'git/embedded/names.ts',
  'git/embedded/ref-conditions.ts',
  'events/normalize.ts',
  'evidence/assigned-secrets.ts',
  'evidence/blob-text.ts',
  'evidence/conflict-markers.ts',
  'evidence/generated-values.ts',
  'evidence/login-addresses.ts',
  'evidence/login-commands.ts',
  'evidence/login-places.ts',
  'evidence/login-tables.ts',
  'evidence/names.ts',
  'evidence/password-hashes.ts',
  'evidence/private-keys.ts',
  'evidence/program-keys.ts',
  'evidence/secret-kinds.ts',
  'evidence/secret-names.ts',
  'evidence/secret-values.ts',
  'evidence/secret-words.ts',
  'evidence/settings-text.ts',
  'evidence/shown-values.ts',
  'evidence/spoken-letters.ts',
  'evidence/stand-ins.ts',
  'evidence/stored-logins.ts',
  'evidence/substance.ts',
  'evidence/token-prefixes.ts',
  'evidence/vendor-tokens.ts',
  'evidence/web-tokens.ts',
  'events/parcel-protocol.ts',
  'commit/plan.ts',
  'commit/message.ts',
  'integrate/documents.ts',
  'integrate/merge.ts',
  'integrate/union.ts',
  'push/endpoint.ts',
  'push/outcome.ts',
  'git/outgoing-parse.ts',
  'notices/episodes.ts',
  'notices/summary.ts',
  'notices/troubles.ts',
  'health/check.ts',
  'health/facts.ts',
  'health/judge.ts',
  'health/judge-daemon.ts',
  'health/judge-machine.ts',
  'health/judge-repository.ts',
  'health/push-checks.ts',
  'health/push-limits.ts',
  'health/typed.ts',
  'health/words.ts',
  'trust/consents.ts',
  'trust/decide.ts',
  'report/report.ts',
  'hooks/kind.ts',
  'hooks/wrapper.ts',
  'control/protocol.ts',
  'daemon/acknowledged.ts',
  'daemon/choose-conflict.ts',
  'daemon/state-schema.ts',
  'cli/messages.ts',
  'cli/not-running.ts',
  'cli/completion/bash.ts',
  'cli/completion/fish.ts',
  'cli/completion/model.ts',
  'cli/completion/setting-keys.ts',
  'cli/completion/zsh.ts',
  'demo/script.ts',
  'platform/proc-text.ts',
  'witness/program-name.ts',
  'witness/ledger.ts',
  'witness/account.ts',
]
/** The nouns, and the sentences: lists by nature. */
const isTable = (file: string): boolean => file === 'types.ts' || isSentences(file)
const isSentences = (file: string): boolean =>
  ['cli/messages.ts', 'cli/help.ts'].includes(file) || file.startsWith('cli/messages/')
/** Every file that may start a process, a line each. */
const startsProcesses = [
  // The program that is declared.
  'cli/commands/run.ts',
  // The daemon behind the terminal.
  'cli/background.ts',
  'git/run.ts',
  // The native watcher, which crashes on some trees.
  'events/parcel-process.ts',
  // The desktop's own notifier.
  'notices/desktop.ts',
]
/** A hash and the joining of names touch nothing. */
const pureModules = new Set(['node:crypto', 'node:path'])
const impureGlobals =
  /\b(?:Date\.now|new Date\(|setTimeout|setInterval|setImmediate|process\.(?!ts')|console\.|Math\.random)/

const root = new URL('../src', import.meta.url).pathname
const files = listFiles(root)
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))

function listFiles(directory: string, below = ''): string[] {
  return readdirSync(join(directory, below)).flatMap((name) => {
    const path = posix.join(below, name)
    if (statSync(join(directory, path)).isDirectory()) return listFiles(directory, path)
    return name.endsWith('.ts') ? [path] : []
  })
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : basename(file, '.ts')
}

function lineOf(room: string): number {
  return lines.findIndex((line) => line.includes(room))
}

interface Import {
  readonly file: string
  readonly target: string
}

function importsOf(file: string): readonly string[] {
  const source = sources.get(file) ?? ''
  const found = source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)
  return [...found].map((match) => match[1] ?? '')
}

function ownImports(): readonly Import[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => ({ file, target: posix.join(dirname(file), name) })),
  )
}

function isPure(file: string): boolean {
  return pureRooms.includes(roomOf(file)) || pureFiles.includes(file) || isSentences(file)
}

test('the check sees the program it judges', () => {
  expect(files.length).toBeGreaterThan(40)
  expect(ownImports().length).toBeGreaterThan(80)
  for (const file of pureFiles) expect(files, `${file} is listed as pure`).toContain(file)
})

test('every room has its place in the order, and a door of its own name', () => {
  for (const room of new Set(files.map(roomOf))) {
    expect(lineOf(room), `room ${room}`).toBeGreaterThanOrEqual(0)
    if (!['types', 'errors', 'shell', 'recent', 'packages', 'living', 'place', 'tokens', 'folders'].includes(room))
      expect(files).toContain(`${room}/${room}.ts`)
  }
})

test('a room imports only lower rooms, and only by their doors', () => {
  const breaches = ownImports().filter(({ file, target }) => {
    const from = roomOf(file)
    const to = roomOf(target)
    if (from === to) return false
    if (lineOf(to) >= lineOf(from)) return true
    return target.includes('/') && target !== `${to}/${to}.ts`
  })
  expect(breaches.map(({ file, target }) => `${file} -> ${target}`)).toEqual([])
})

test('no file imports itself in a circle', () => {
  const graph = new Map(files.map((file) => [file, [] as string[]]))
  for (const { file, target } of ownImports()) graph.get(file)?.push(target)
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): void => {
    expect(trail, 'a circle of imports').not.toContain(file)
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})

test('pure files know no clock, no chance, no process and no disk', () => {
  const breaches = files.filter(isPure).flatMap((file) => {
    const modules = importsOf(file).filter((name) => name.startsWith('node:') && !pureModules.has(name))
    const global = impureGlobals.exec(code(sources.get(file) ?? ''))
    return [...modules, ...(global === null ? [] : [global[0]])].map((what) => `${file}: ${what}`)
  })
  expect(breaches).toEqual([])
})

test('only git/run.ts starts git, and only the command line ends the process', () => {
  const spawners = files.filter((file) => importsOf(file).includes('node:child_process'))
  expect(spawners.toSorted()).toEqual(startsProcesses.toSorted())
  const gits = spawners.filter((file) =>
    /(?:spawn|exec|execFile|fork)(?:Sync)?\(\s*'git'/.test(sources.get(file) ?? ''),
  )
  expect(gits).toEqual(['git/run.ts'])
  const enders = files.filter((file) => /process\.exit\(/.test(code(sources.get(file) ?? '')))
  expect(enders).toEqual(['cli/cli.ts'])
})

test('files are short, have few exports, plain names and no default export', () => {
  for (const [file, source] of sources) {
    expect(lineCount(file), `${file}: lines`).toBeLessThanOrEqual(300)
    expect(Math.max(...source.split('\n').map((line) => line.length)), `${file}: width`).toBeLessThanOrEqual(120)
    expect(basename(file), file).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/)
    expect(basename(file), file).not.toMatch(/^(utils?|helpers?|common|manager|misc)\.ts$/)
    expect(source, file).not.toMatch(/^export default/m)
    if (!isTable(file)) expect(valueExports(source), `${file}: exports`).toBeLessThanOrEqual(5)
  }
  expect(lineCount('daemon/pipeline.ts'), 'the verbs fit on a few screens').toBeLessThan(150)
})

function lineCount(file: string): number {
  return (sources.get(file) ?? '').split('\n').length - 1
}

/** Values only: a door may name as many types as its functions speak of. */
function valueExports(source: string): number {
  const declared = source.match(/^export (?:async )?(?:function|const|class)\b/gm) ?? []
  const listed = [...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap((match) => (match[1] ?? '').split(','))
  return declared.length + listed.filter((name) => /\S/.test(name) && !/^\s*type\s/.test(name)).length
}

function code(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
