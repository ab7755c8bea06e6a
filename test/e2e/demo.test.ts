import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runDemo, type DemoEvent } from '../../src/demo/demo.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { startChild } from '../support/child.ts'
import { expectShape } from '../support/json-shape.ts'
import { until } from '../support/until.ts'
import { program } from '../support/workspace.ts'

const ownFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Where the demo's folders go, and whoever runs it has neither an identity nor a configuration. */
function newcomer() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'sync-newcomer-')))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const temporary = join(home, 'tmp')
  mkdirSync(temporary)
  return { home, temporary, env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: temporary } }
}

test('the demo plays to its end: people’s work is on the remote, a heartbeat never, a loop no more', async () => {
  const { temporary, env } = newcomer()
  const told: DemoEvent[] = []
  const result = await runDemo({
    environment: env,
    temporaryDir: temporary,
    version: 'test',
    clock: systemClock,
    keep: false,
    speed: 4,
    isStopped: () => false,
    tell: (event) => void told.push(event),
  })
  expectShape('demo', result)
  expect(result.isComplete).toBe(true)
  const fates = new Map(result.files.map((file) => [file.path, file]))
  for (const path of ['notes/today.md', 'src/hello.py', 'deploy/settings.yaml']) {
    expect(fates.get(path), path).toMatchObject({ by: 'person', state: 'synced' })
  }
  expect(fates.get('notes/today.md')?.commits, 'both saves').toBe(2)
  expect(fates.get('state/monitor.json')).toMatchObject({ state: 'blocked', commits: 0 })
  expect(fates.get('logs/indexer.log')).toMatchObject({ state: 'blocked', commits: 0 })
  expect(fates.get('notes/.today.md.swp')).toMatchObject({ state: 'blocked', commits: 0 })
  const index = fates.get('state/index.txt')
  expect(index?.commits).toBeLessThanOrEqual(3)
  expect(index?.writes).toBeGreaterThan(index?.commits ?? Infinity)
  expect(told.filter(({ kind }) => kind === 'act')).toHaveLength(6)
  expect(readdirSync(temporary)).toEqual([])
}, 90_000)

test('npm start without a workspace shows the demo; Ctrl-C ends it in order and leaves nothing', async (context) => {
  const { temporary, env } = newcomer()
  const child = startChild(context, [process.execPath, program, 'start', '--foreground'], {
    cwd: ownFolder,
    env: { ...env, npm_lifecycle_event: 'start' },
  })
  await until('the person saves a note', () => child.out().includes('notes/today.md') || child.hasEnded(), 30_000)
  // The terminal sends one, and npm hands it on.
  child.kill('SIGINT')
  child.kill('SIGINT')
  expect(await child.ended).toBe(0)
  expect(child.err()).toBe('')
  expect(child.out()).toContain('Stopped before its end')
  expect(child.out()).not.toContain('\u001b')
  expect(readdirSync(temporary)).toEqual([])
}, 60_000)

test('npm start alone runs no daemon on this very clone', async (context) => {
  const { env } = newcomer()
  const child = startChild(context, [process.execPath, program, 'start', '--foreground', '--once'], {
    cwd: ownFolder,
    env: { ...env, npm_lifecycle_event: 'start' },
  })
  expect(await child.ended).toBe(2)
  expect(child.err()).toBe('error: no workspace was named\nname one: npm start -- -C <workspace>\n')
}, 30_000)
