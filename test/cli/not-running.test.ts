import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lastKnown, type NotRunning } from '../../src/cli/not-running.ts'
import { notRunningText } from '../../src/cli/status-text.ts'
import type { LastStatus, StatusFile } from '../../src/report/report.ts'
import { startHere } from '../support/daemon-here.ts'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace, pretendWorkTree } from '../support/run-cli.ts'
import { statusFile } from '../support/status-file.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'

const isoOf = (atMs: number): string => new Date(atMs).toISOString()
const nowMs = 1_300_000
const stopped: LastStatus = { ...statusFile(), ended: { atMs: 1_000_100, why: 'SIGTERM' } }
const pending = { path: 'a.md', class: 'code', dueAtMs: 1_000_000 } as const

function shown(changed: Partial<NotRunning>): readonly string[] {
  const plain = { running: false, workspace: '/w', remedy: 'workspace-sync start', paused: null, last: null } as const
  return notRunningText({ ...plain, ...changed }, nowMs).split('\n')
}

test('a daemon that stopped in order and one that died are told apart', () => {
  expect(lastKnown(null, null, isoOf)).toBeNull()
  expect(lastKnown(null, stopped, isoOf)).toMatchObject({ ended: 'stopped', at: isoOf(1_000_100), why: 'SIGTERM' })
  expect(lastKnown(statusFile(), null, isoOf)).toMatchObject({ ended: 'died', at: isoOf(1_000_000), why: null })
})

test('one that died after another had stopped has the last word, and one killed at its very end has stopped', () => {
  expect(lastKnown(statusFile({ pid: 43 }), stopped, isoOf)?.ended).toBe('died')
  expect(lastKnown(statusFile({ startTick: 8 }), stopped, isoOf)?.ended).toBe('died')
  expect(lastKnown(statusFile(), stopped, isoOf)?.ended).toBe('stopped')
})

test('what another version or somebody else wrote there tells nothing, and breaks nothing', async () => {
  const place = cliPlace()
  const stateDir = pretendWorkTree(place.root)
  const { slow: _, ...less } = statusFile({ pid: 4_194_305 })
  const texts = ['', '{', '{"startTick":3}', JSON.stringify(less)]
  const endless = JSON.stringify({ ...stopped, ended: null })
  for (const name of ['status.json', 'last-status.json']) {
    for (const text of name === 'status.json' ? texts : [...texts, endless]) {
      writeFileSync(join(stateDir, name), text)
      const { code, out, err } = await place.run(['status', '--json'])
      expect([code, (JSON.parse(out) as NotRunning).last, err], text).toEqual([3, null, ''])
      expect((await place.run(['status'])).out).toBe('running: false\nto start it: workspace-sync start\n')
    }
  }
})

test('people read how it ended, how it stood, and what to type', () => {
  expect(shown({ last: lastKnown(null, stopped, isoOf) })).toEqual([
    'running: false',
    'stopped:     5 min ago (SIGTERM)',
    'then:        in sync',
    'last commit: none yet',
    'last push:   none yet',
    'to start it: workspace-sync start',
    '',
  ])
  const left = statusFile({ pending: [pending], held: [{ path: 'k', reason: 'r' }], ahead: 2, oldestUnsyncedAtMs: 1 })
  expect(shown({ last: lastKnown(left, null, isoOf) }).slice(1, 3)).toEqual([
    'died:        without a word; last heard of 5 min ago',
    'then:        not in sync: 1 path pending, 1 path held, 2 commits to push',
  ])
  expect(shown({ paused: { by: 'mina', until: null, remedy: 'workspace-sync resume' } })).toContain(
    'paused:      by mina, also after a start; workspace-sync resume ends it',
  )
})

test('a daemon leaves word of how it ended', async () => {
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  addRemote(repo)
  const { daemon, stop } = await startHere(repo)
  repo.write('a.md', 'b\n')
  expect((await daemon.sync(null)).ok).toBe(true)
  await stop()
  const { code, out } = await cliPlace().run(['status', '--json', '-C', repo.root])
  const told = JSON.parse(out) as Record<string, unknown>
  expectShape('status without a daemon', told)
  expect(code).toBe(3)
  const last = { ended: 'stopped', why: 'the test is over', pending: 0, ahead: 0, lastCommit: { paths: ['a.md'] } }
  expect(told).toMatchObject({ running: false, remedy: `workspace-sync -C ${repo.root} start`, paused: null, last })

  const next = await startHere(repo)
  onTestFinished(next.stop)
  const status = JSON.parse(readFileSync(join(next.engine.repository.stateDir, 'status.json'), 'utf8')) as StatusFile
  expect(status, 'it knows what the one before did').toMatchObject({
    pid: process.pid,
    lastCommit: { paths: ['a.md'] },
  })
  expect(status.lastPush?.oid).toBe(repo.git('rev-parse', 'HEAD'))
})

test('a pause that counts from the next start on is told, and one that is over is not', async () => {
  const place = cliPlace()
  const stateDir = pretendWorkTree(place.root)
  const remedy = 'workspace-sync resume'
  const pausedIn = async (pause: unknown): Promise<unknown> => {
    writeFileSync(join(stateDir, 'state.json'), JSON.stringify({ pause }))
    return (JSON.parse((await place.run(['status', '--json'])).out) as NotRunning).paused
  }
  expect(await pausedIn({ by: 'mina', sinceMs: 1, untilMs: null })).toEqual({ by: 'mina', until: null, remedy })
  expect(await pausedIn({ by: 'mina', sinceMs: 1, untilMs: 4e12 })).toEqual({ by: 'mina', until: isoOf(4e12), remedy })
  expect(await pausedIn({ by: 'mina', sinceMs: 1, untilMs: 2 })).toBeNull()
  expect(await pausedIn(null)).toBeNull()
  writeFileSync(join(stateDir, 'state.json'), 'rubbish')
  expect((JSON.parse((await place.run(['status', '--json'])).out) as NotRunning).paused).toBeNull()
})
