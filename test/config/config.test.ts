import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkConfig, configFiles, loadConfig, mistakeLine } from '../../src/config/config.ts'
import { keys } from '../../src/config/schema.ts'
import { SyncError } from '../../src/errors.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'workspace-sync-config-'))
  mkdirSync(join(home, '.config', 'workspace-sync', 'filters'), { recursive: true })
})

afterEach(() => rmSync(home, { recursive: true }))

function userFile(name: string, text: string): string {
  const path = join(home, '.config', 'workspace-sync', name)
  writeFileSync(path, text)
  return path
}

function input(env: Record<string, string> = {}, sets: readonly string[] = []) {
  return { workspace: null, home, env, sets }
}

async function remoteWith(configHome: string): Promise<string> {
  return (await loadConfig(input({ XDG_CONFIG_HOME: configHome }))).config.remote
}

test('without any file the defaults are in force', async () => {
  const { config, settings, warnings } = await loadConfig(input())
  expect(config).toMatchObject({
    remote: 'origin',
    branches: null,
    filters: null,
    rules: { default: 'ANALYZE' },
    debounce: { immediateMs: 2_000, codeMs: 5_000, defaultMs: 30_000, maxWaitMs: 300_000 },
    watcher: 'auto',
    reconcile: { intervalMs: 600_000 },
    engine: 'auto',
    limits: {
      mode: 'gather',
      commitsPerHour: 10,
      commitsPerDay: 50,
      cooldownMs: 300_000,
      gatherMs: 120_000,
      gatherPastDayMs: 300_000,
    },
    retry: { delaysMs: [2_000, 4_000, 6_000], maxMs: 900_000 },
    push: { enabled: true, minIntervalMs: 0, userCommits: true, skipCi: false },
    pull: { enabled: true, intervalMs: 30_000 },
    hooks: { preCommit: 'skip' },
    guard: {
      maxFileSizeBytes: 52_428_800,
      maxCommitSizeBytes: 524_288_000,
      massDeletionFiles: 50,
      massDeletionShare: 0.25,
    },
    health: { minFreeDiskBytes: 104_857_600, fsckMs: 86_400_000 },
    journal: { keepMs: 604_800_000 },
    log: { maxSizeBytes: 10_485_760 },
    writers: { autonomous: ['claude-autonomous', 'claude-.*-monitor'], agent: [] },
    commit: { hostName: false },
  })
  expect(settings.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
  expect(new Set(settings.map(({ source }) => source))).toEqual(new Set(['built-in']))
  expect(warnings).toEqual([])
})

test('what people write by hand is of class code, lock files too', async () => {
  const { config } = await loadConfig(input())
  const code = new Set(config.classes.code)
  const common = 'md txt rst org ts tsx js py rs go java c h cpp rb php sh json yaml yml toml ini html css sql tex lock'
  for (const extension of common.split(' ')) expect(code, extension).toContain(extension)
  for (const name of ['makefile', 'dockerfile', 'license', 'gitignore']) expect(code, name).toContain(name)
  for (const machine of ['log', 'tmp', 'bak', 'db', 'sqlite', 'pid']) expect(code).not.toContain(machine)
  expect(config.classes.code).toHaveLength(code.size)
})

test('the command line beats the environment, which beats the user file, which beats the defaults', async () => {
  const path = userFile('config.json', '{\n  "remote": "file", "debounce": { "code": "1s", "default": "1s" }\n}')
  const env = { WORKSPACE_SYNC_DEBOUNCE_DEFAULT: '2s', WORKSPACE_SYNC_LIMITS_COMMITS_PER_HOUR: '3' }
  const { config, settings } = await loadConfig(input(env, ['debounce.default=3s']))
  expect(config.remote).toBe('file')
  expect(config.debounce).toMatchObject({ immediateMs: 2_000, codeMs: 1_000, defaultMs: 3_000 })
  expect(config.limits.commitsPerHour).toBe(3)
  const sourceOf = (key: string) => settings.find((setting) => setting.key === key)?.source
  expect(sourceOf('remote')).toBe(`${path}:2`)
  expect(sourceOf('debounce.default')).toBe('--set')
  expect(sourceOf('limits.commitsPerHour')).toBe('WORKSPACE_SYNC_LIMITS_COMMITS_PER_HOUR')
  expect(sourceOf('engine')).toBe('built-in')
})

test('an absolute XDG_CONFIG_HOME is honoured, a relative one is not', async () => {
  const other = join(home, 'elsewhere', 'workspace-sync')
  mkdirSync(other, { recursive: true })
  writeFileSync(join(other, 'config.json'), '{ "remote": "xdg" }')
  userFile('config.json', '{ "remote": "home" }')
  expect(await remoteWith(join(home, 'elsewhere'))).toBe('xdg')
  expect(await remoteWith('elsewhere')).toBe('home')
  expect(await remoteWith('')).toBe('home')
})

test('one mistake is one sentence and its remedy', async () => {
  const path = userFile('config.json', '{\n  "remot": "x"\n}')
  const error = await loadConfig(input()).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SyncError)
  expect(error).toMatchObject({
    kind: 'configuration',
    message: `${path}:2:3 unknown key remot`,
    hint: 'did you mean remote?',
  })
})

test('several mistakes from several places are told together', async () => {
  const path = userFile('config.json', '{ "engine": "x", "remot": "y" }')
  const env = { WORKSPACE_SYNC_REMOT: 'x', WORKSPACE_SYNC_PULL_INTERVAL: 'soon', WORKSPACE_SYNC_ENGINE: '' }
  const result = await checkConfig(input(env, ['nonsense', 'filters=agentz']))
  const lines = result.kind === 'mistaken' ? result.mistakes.map(mistakeLine) : []
  expect(lines).toEqual([
    expect.stringContaining(`${path}:1:13 engine: "x" is not accepted — expected one of "auto"`),
    `${path}:1:18 unknown key remot — did you mean remote?`,
    'WORKSPACE_SYNC_REMOT: is the variable of no setting — did you mean WORKSPACE_SYNC_REMOTE?',
    expect.stringContaining('WORKSPACE_SYNC_PULL_INTERVAL: pull.interval: "soon" is not accepted'),
    '--set: "nonsense" is no assignment — write --set key=value, such as --set debounce.default=10s',
    expect.stringMatching(/^--set: filters: there is no built-in set "agentz"/),
  ])
  await expect(loadConfig(input(env, []))).rejects.toThrow(/4 mistakes in the configuration:\n {2}\//)
})

test('a hundred mistakes are counted, twenty told', async () => {
  userFile('config.json', JSON.stringify(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`unknown${i}`, i]))))
  await expect(loadConfig(input())).rejects.toThrow(/100 mistakes[^]*unknown19[^]*and 80 more$/)
})

test('a directory, a huge file and a link to nothing in place of the file are told', async () => {
  mkdirSync(join(home, '.config', 'workspace-sync', 'config.json'))
  await expect(loadConfig(input())).rejects.toThrow(/config\.json: not a regular file/)
  rmSync(join(home, '.config', 'workspace-sync', 'config.json'), { recursive: true })
  userFile('config.json', `// ${'x'.repeat(300_000)}`)
  await expect(loadConfig(input())).rejects.toThrow(/larger than 262144 bytes/)
})

test('rule files of the user come as text, with their place; other files do not', async () => {
  const path = userFile('filters/mine.rules', 'ALLOW:notes/**:mine\n')
  userFile('filters/empty.rules', '')
  userFile('filters/notes.txt', 'no rules')
  const { ruleFiles } = await loadConfig(input())
  expect(ruleFiles.filter(({ level }) => level === 'user')).toEqual([
    { level: 'user', source: join(home, '.config', 'workspace-sync', 'filters', 'empty.rules'), text: '' },
    { level: 'user', source: path, text: 'ALLOW:notes/**:mine\n' },
  ])
})

test('the key filters chooses among the built-in sets', async () => {
  const all = await loadConfig(input())
  const builtIn = all.ruleFiles.map(({ source, level }) => [source, level])
  expect(builtIn).toContainEqual(['filters/litter.rules', 'litter'])
  expect(builtIn).toContainEqual(['filters/workspace.rules', 'built-in'])
  const one = await loadConfig(input({}, ['filters=workspace']))
  expect(one.ruleFiles.map(({ source }) => source)).toEqual(['filters/workspace.rules'])
})

test('the published schema is the one that is in force', () => {
  const published = readFileSync(new URL('../../config/schema.json', import.meta.url), 'utf8')
  expect(published, 'npm run schema').toBe(configFiles.schema())
})
