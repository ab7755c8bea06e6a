import { expect, test } from 'vitest'
import { checkConfig, type ConfigResult, type WorkspaceText } from '../../src/config/config.ts'
import type { Key } from '../../src/config/schema.ts'
import { workspaceWord } from '../../src/config/workspace-scope.ts'

const path = '.workspace-sync/config.json'

function said(text: string | null, changed: Partial<WorkspaceText> = {}): WorkspaceText {
  return { path, text, waits: null, before: null, ...changed }
}

function check(texts: readonly WorkspaceText[], sets: readonly string[] = [], env = {}): Promise<ConfigResult> {
  return checkConfig({ workspace: '/ws', home: '/nonexistent', env, sets }, { texts, faults: [] })
}

async function loaded(texts: readonly WorkspaceText[], sets: readonly string[] = [], env = {}) {
  const result = await check(texts, sets, env)
  if (result.kind === 'mistaken') throw new Error(JSON.stringify(result.mistakes))
  return result.loaded
}

test('the workspace beats the user and is beaten by the environment and the command line', async () => {
  const texts = [said('{\n  "debounce": { "code": "1s", "default": "2s", "maxWait": "3s" }\n}')]
  const env = { WORKSPACE_SYNC_DEBOUNCE_DEFAULT: '20s' }
  const { config, settings } = await loaded(texts, ['debounce.maxWait=30s'], env)
  expect(config.debounce).toMatchObject({ codeMs: 1_000, defaultMs: 20_000, maxWaitMs: 30_000 })
  expect(settings.find(({ key }) => key === 'debounce.code')?.source).toBe(`${path}:2`)
})

/** What nobody but the user may say, each with an attempt. */
const forbidden: readonly (readonly [Key, string])[] = [
  ['remote', '"evil"'],
  ['branches', '["other"]'],
  ['watcher', '"parcel"'],
  ['engine', '"embedded"'],
  ['writers.autonomous', '[]'],
  ['writers.agent', '["bash"]'],
  ['hooks.preCommit', '"run"'],
  ['health.minFreeDisk', '"0B"'],
  ['health.fsck', '"9d"'],
  ['journal.keep', '"1m"'],
  ['log.maxSize', '"1GB"'],
]

function file(key: string, value: string): string {
  const [section = '', member] = key.split('.')
  return member === undefined ? `{ "${section}": ${value} }` : `{ "${section}": { "${member}": ${value} } }`
}

test.each(forbidden)('a workspace may not set %s, acknowledged or not', async (key, value) => {
  const result = await check([said(file(key, value))])
  expect(result).toMatchObject({
    kind: 'mistaken',
    mistakes: [{ source: path, line: 1, problem: expect.stringContaining(`${key}: a workspace may not set it`) }],
  })
  const waiting = await loaded([said(file(key, value), { waits: 'came with a clone' })])
  expect(waiting.settings.find((setting) => setting.key === key)?.source).toBe('built-in')
  expect(waiting.warnings).toEqual([expect.stringContaining(`${key}: a workspace may not set it`)])
})

/** A value that loosens and one that tightens what is built in. */
const guarded: readonly (readonly [Key, string, string])[] = [
  ['guard.maxFileSize', '"51MB"', '"1MB"'],
  ['guard.maxCommitSize', '"501MB"', '"1MB"'],
  ['guard.massDeletionFiles', '51', '49'],
  ['guard.massDeletionShare', '0.9', '0.1'],
  ['limits.commitsPerHour', '11', '9'],
  ['limits.commitsPerDay', '51', '49'],
  ['limits.cooldown', '"1s"', '"10m"'],
  ['limits.gather', '"1s"', '"10m"'],
  ['limits.gatherPastDay', '"1s"', '"10m"'],
  ['push.minInterval', '"0s"', '"1m"'],
]

test.each(guarded)('%s can be tightened by a workspace at once, and loosened never', async (key, loose, tight) => {
  for (const waits of [null, 'came with a clone']) {
    const tighter = await loaded([said(file(key, tight), { waits })])
    expect(tighter.settings.find((setting) => setting.key === key)).toMatchObject({
      value: JSON.parse(tight),
      source: `${path}:1`,
    })
    const looser = await loaded([said(file(key, loose), { waits })], [])
    const inForce = looser.settings.find((setting) => setting.key === key)
    if (key === 'push.minInterval') continue
    expect(inForce?.source).toBe('built-in')
    expect(looser.warnings).toEqual([expect.stringContaining(`${key}: ${loose} is looser than`)])
  }
})

test('the user is what a workspace is compared with, not the built-in value', async () => {
  const word = workspaceWord('guard.maxFileSize', 20, 10, true)
  expect(word).toEqual({ kind: 'looser' })
  expect(workspaceWord('guard.maxFileSize', 5, 10, false)).toEqual({ kind: 'taken' })
  expect(workspaceWord('limits.mode', 'gather', 'strict', true)).toEqual({ kind: 'looser' })
  expect(workspaceWord('limits.mode', 'strict', 'gather', false)).toEqual({ kind: 'taken' })
  expect(workspaceWord('push.enabled', true, false, true)).toEqual({ kind: 'looser' })
  expect(workspaceWord('push.enabled', false, true, false)).toEqual({ kind: 'taken' })
  expect(workspaceWord('commit.hostName', true, false, true)).toEqual({ kind: 'looser' })
  expect(workspaceWord('filters', 'all', ['litter'], false)).toEqual({ kind: 'waits' })
  expect(workspaceWord('filters', ['litter', 'workspace'], ['litter'], false)).toEqual({ kind: 'waits' })
  expect(workspaceWord('filters', ['litter'], ['litter'], false)).toEqual({ kind: 'taken' })
  expect(workspaceWord('filters', ['litter'], 'all', false)).toEqual({ kind: 'waits' })
  expect(workspaceWord('filters', ['litter'], 'all', true)).toEqual({ kind: 'taken' })
  expect(workspaceWord('rules.default', 'BLOCK', 'ANALYZE', false)).toEqual({ kind: 'taken' })
  expect(workspaceWord('rules.default', 'ALLOW', 'ANALYZE', false)).toEqual({ kind: 'waits' })
})

test('what waits is listed with its place and is not in force', async () => {
  const text = '{ "debounce": { "code": "1s" }, "limits": { "commitsPerHour": 3 } }'
  const { config, waitingSettings, waiting } = await loaded([said(text, { waits: 'came with a clone or a pull' })])
  expect(config.debounce.codeMs).toBe(5_000)
  expect(config.limits.commitsPerHour).toBe(3)
  expect(waitingSettings).toEqual([{ key: 'debounce.code', value: '1s', source: `${path}:1` }])
  expect(waiting).toEqual([
    {
      path,
      reason:
        'came with a clone or a pull: only what it tightens applies until you have looked at it and say ' +
        'workspace-sync ack .workspace-sync/config.json',
    },
  ])
})

test('what was acknowledged stays in force while something newer waits', async () => {
  const before = '{ "debounce": { "code": "1s" }, "limits": { "commitsPerHour": 5 } }'
  const after = '{ "debounce": { "code": "9s" }, "limits": { "commitsPerHour": 8, "commitsPerDay": 9 } }'
  const { config } = await loaded([said(after, { waits: 'came', before })])
  expect(config.debounce.codeMs).toBe(1_000)
  expect(config.limits).toMatchObject({ commitsPerHour: 5, commitsPerDay: 9 })
  const gone = await loaded([said(null, { waits: 'came', before })])
  expect(gone.config.debounce.codeMs).toBe(1_000)
})

test('a mistake in what waits stops nothing, and in what is in force everything', async () => {
  const nested = '['.repeat(100_000)
  for (const text of ['{', '{ "remot": "x" }', nested]) {
    expect((await check([said(text)])).kind).toBe('mistaken')
    const { config, warnings } = await loaded([said(text, { waits: 'came' })])
    expect(config.remote).toBe('origin')
    expect(warnings.length).toBeGreaterThan(0)
  }
})

test('rules that wait are marked, and stand beside those from before', async () => {
  const rules = {
    path: '.workspace-sync/filters/x.rules',
    text: 'ALLOW:a:new\n',
    waits: 'came',
    before: 'ALLOW:b:old\n',
  }
  const { ruleFiles } = await loaded([rules])
  expect(ruleFiles.filter(({ level }) => level === 'workspace')).toEqual([
    { level: 'workspace', source: rules.path, text: rules.text, standing: 'waits' },
    { level: 'workspace', source: `${rules.path} (before)`, text: rules.before, standing: 'before' },
  ])
})
