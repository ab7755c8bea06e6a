import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace } from '../support/run-cli.ts'
import { runGit } from '../support/temp-repo.ts'

test('config show says where each setting comes from', async () => {
  const place = cliPlace()
  writeFileSync(join(place.configDir, 'config.json'), '{\n  "remote": "backup"\n}')
  const env = { WORKSPACE_SYNC_ENGINE: 'native' }
  const { code, out, err } = await place.run(['config', 'show', '--set', 'debounce.default=1m'], { env })
  expect([code, err]).toEqual([0, ''])
  const rows = new Map(out.split('\n').map((line) => [line.split(/\s+/)[0], line.split(/\s{2,}/).slice(1)]))
  expect(rows.get('remote')).toEqual(['"backup"', `${join(place.configDir, 'config.json')}:2`])
  expect(rows.get('engine')).toEqual(['"native"', 'WORKSPACE_SYNC_ENGINE'])
  expect(rows.get('debounce.default')).toEqual(['"1m"', '--set'])
  expect(rows.get('watcher')).toEqual(['"auto"', 'built-in'])
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(160)
})

test('config show --json has the values whole', async () => {
  const { code, out } = await cliPlace().run(['config', 'show', '--json', '--set=limits.commitsPerHour=3'])
  expectShape('config show', JSON.parse(out))
  const shown = JSON.parse(out) as Record<string, { value: unknown; source: string }>
  expect(code).toBe(0)
  expect(shown['limits.commitsPerHour']).toEqual({ value: 3, source: '--set', waiting: null })
  expect(shown['retry.delays']).toEqual({ value: ['2s', '4s', '6s'], source: 'built-in', waiting: null })
  expect(shown['classes.code']?.value).toContain('md')
})

test('config check accepts what is right', async () => {
  const place = cliPlace()
  expect(await place.run(['config', 'check'])).toEqual({
    code: 0,
    out: 'the configuration has no mistake\n',
    err: '',
  })
  const { out } = await place.run(['config', 'check', '--json'])
  expect(JSON.parse(out)).toEqual({ ok: true, mistakes: [], warnings: [], waiting: [] })
})

test('config check names every mistake by its place and exits 2', async () => {
  const place = cliPlace()
  const path = join(place.configDir, 'config.json')
  writeFileSync(path, '{\n  "remot": "x",\n  "pull": { "interval": "30x" }\n}')
  const { code, out, err } = await place.run(['config', 'check'])
  expect([code, out]).toEqual([2, ''])
  expect(err.split('\n')).toEqual([
    `${path}:2:3 unknown key remot — did you mean remote?`,
    expect.stringMatching(/config\.json:3:25 pull\.interval: "30x" is not accepted — .*ms, s, m, h, d/),
    '',
  ])
  const json = JSON.parse((await place.run(['config', 'check', '--json'])).out) as { mistakes: unknown[] }
  expectShape('config check', json)
  expect(json.mistakes[0]).toEqual({
    source: path,
    line: 2,
    column: 3,
    problem: 'unknown key remot',
    remedy: 'did you mean remote?',
  })
})

test('every command that needs the configuration stops at a mistake in it', async () => {
  const place = cliPlace()
  for (const command of [
    ['config', 'show'],
    ['filters', 'list'],
    ['filters', 'check'],
  ]) {
    const { code, err } = await place.run([...command, '--set', 'debounce.defualt=1s'])
    expect([code, err]).toEqual([2, 'error: --set: unknown key debounce.defualt\ndid you mean debounce.default?\n'])
  }
})

test('an undo without a daemon reads the settings of the workspace too', async () => {
  const place = cliPlace()
  runGit(place.root, ['init', '-q', '-b', 'main'])
  mkdirSync(join(place.root, '.workspace-sync'))
  writeFileSync(join(place.root, '.workspace-sync', 'config.json'), '{ "remot": "x" }')
  const { code, err } = await place.run(['undo'])
  expect([code, err.split('\n')[0]]).toEqual([2, 'error: .workspace-sync/config.json:1:3 unknown key remot'])
})

test('config schema prints the published schema', async () => {
  const { out } = await cliPlace().run(['config', 'schema'])
  expect(out).toBe(readFileSync(new URL('../../config/schema.json', import.meta.url), 'utf8'))
})

test('a configuration in a workspace that git cannot tell about waits, and stops nothing', async () => {
  const place = cliPlace()
  mkdirSync(join(place.root, '.git'))
  writeFileSync(join(place.root, '.git', 'HEAD'), '')
  mkdirSync(join(place.root, '.workspace-sync'))
  writeFileSync(join(place.root, '.workspace-sync', 'config.json'), 'not even JSON')
  const { code, err } = await place.run(['config', 'check'])
  expect(code).toBe(0)
  expect(err).toContain('say workspace-sync ack .workspace-sync/config.json')
  const json = JSON.parse((await place.run(['config', 'check', '--json'])).out) as Record<string, unknown>
  expectShape('config check', json)
  const reason = expect.stringContaining('say workspace-sync ack .workspace-sync/config.json')
  expect(json).toMatchObject({ ok: true, waiting: [{ path: '.workspace-sync/config.json', reason }] })
})
