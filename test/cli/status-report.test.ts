import { expect, test } from 'vitest'
import { statusReport, type StatusReport } from '../../src/cli/status-report.ts'
import { statusText } from '../../src/cli/status-text.ts'
import type { StatusFile } from '../../src/report/report.ts'
import { statusFile } from '../support/status-file.ts'

function report(changed: Partial<StatusFile> = {}, nowMs = 1_002_000): StatusReport {
  return statusReport(statusFile(changed), nowMs, (atMs) => new Date(atMs).toISOString())
}

function text(changed: Partial<StatusFile> = {}): string {
  return statusText(report(changed), 1_002_000, false)
}

test('the members are the documented ones, in their order', () => {
  const members =
    'running pid version workspace branch remote engine watcher state reason convergenceAgeMs inSync ahead behind ' +
    'pending budget slow quarantine held waiting mistakes writers lastCommit lastPush counters uptimeMs rssBytes'
  expect(Object.keys(report())).toEqual(members.split(' '))
})

test('ages are computed by the reader', () => {
  const given = report({
    oldestUnsyncedAtMs: 991_000,
    pending: [
      { path: 'a.md', class: 'code', dueAtMs: 1_005_000 },
      { path: 'b', class: 'default', dueAtMs: 1_001_000 },
    ],
    slow: [{ pattern: 's/*.json', sinceMs: 0 }],
    quarantine: [{ pattern: 'q/*', signal: 'metronome', sinceMs: 1_000, proposedRule: 'BLOCK:q/*:ticks' }],
    lastCommit: { oid: 'ab', atMs: 60_000, paths: ['a.md'] },
    lastPush: { oid: 'ab', atMs: 61_000 },
  })
  expect(given).toMatchObject({
    convergenceAgeMs: 11_000,
    uptimeMs: 602_000,
    pending: [
      { path: 'a.md', class: 'code', dueMs: 3_000 },
      { path: 'b', class: 'default', dueMs: 0 },
    ],
    slow: [{ pattern: 's/*.json', since: '1970-01-01T00:00:00.000Z' }],
    quarantine: [
      { pattern: 'q/*', signal: 'metronome', since: '1970-01-01T00:00:01.000Z', proposedRule: 'BLOCK:q/*:ticks' },
    ],
    lastCommit: { oid: 'ab', at: '1970-01-01T00:01:00.000Z', paths: ['a.md'] },
    lastPush: { oid: 'ab', at: '1970-01-01T00:01:01.000Z' },
  })
})

test('at rest and verified it is in sync', () => {
  expect(report()).toMatchObject({ inSync: true, convergenceAgeMs: 0, state: 'idle' })
})

test('rules that wait for a word are named with what settles it, and it is in sync all the same', () => {
  const waiting = [{ path: 'a.rules', reason: 'came with a pull: say workspace-sync ack a.rules' }]
  expect(report({ waiting })).toMatchObject({ inSync: true, waiting })
  expect(text({ waiting })).toContain('waiting:     1\n  a.rules came with a pull: say workspace-sync ack a.rules\n')
})

test('mistakes in rules and settings are told one a line', () => {
  const mistakes = ['a.rules:1:1: "FOO" is no action; write BLOCK', 'a.rules:2:1: no colon; write one']
  expect(text({ mistakes })).toContain(`mistakes:    2\n  ${mistakes.join('\n  ')}\n`)
})

test('a daemon from before an update, which tells less, is understood', () => {
  const { waiting: _, mistakes: __, ...older } = statusFile()
  expect(statusReport(older as StatusFile, 1_002_000, String)).toMatchObject({
    inSync: true,
    waiting: [],
    mistakes: [],
  })
})

test.each<[string, Partial<StatusFile>]>([
  ['something is pending', { pending: [{ path: 'a', class: 'code', dueAtMs: 0 }] }],
  ['a change is on its way', { oldestUnsyncedAtMs: 999_000 }],
  ['something is held', { held: [{ path: 'a', reason: 'secret' }] }],
  ['something is in quarantine', { quarantine: [{ pattern: 'a', signal: 'feedback', sinceMs: 0, proposedRule: 'r' }] }],
  ['commits are not pushed', { ahead: 1 }],
  ['the remote has more', { behind: 1 }],
  ['the tree was not compared with HEAD', { looked: false }],
  ["the remote's tip was never seen", { verifiedAtMs: null }],
  ["the remote's tip was seen too long ago", { verifiedAtMs: 941_000 }],
  ['the daemon is silent', { writtenAtMs: 900_000 }],
])('never in sync while %s', (_, changed) => {
  expect(report(changed).inSync).toBe(false)
})

test('a daemon that missed two heartbeats is degraded, whatever it wrote', () => {
  expect(report({}, 1_010_000).state).toBe('idle')
  expect(report({}, 1_010_001)).toMatchObject({ state: 'degraded', reason: expect.stringContaining('silent for 10 s') })
  expect(report({ heartbeatMs: 60_000 }, 1_100_000).state).toBe('idle')
})

test('so is one that wrote in the future: the clock was set back and it has not noticed', () => {
  expect(report({ writtenAtMs: 4_600_000 }).state).toBe('degraded')
})

test('people read one thing a line', () => {
  expect(text()).toBe(
    [
      'running:     true, pid 42, version 1.2.3, for 10 min',
      'workspace:   /home/u/ws',
      'branch:      main, https://example.invalid/r.git',
      'state:       idle',
      'in sync:     yes',
      'budget:      3 of 10 commits this hour, 7 of 50 today',
      'last commit: none yet',
      'last push:   none yet',
      'engine:      native, watcher inotify, 70 MB',
      '',
    ].join('\n'),
  )
})

test('what waits, is held or loops is listed, and why it is not in sync', () => {
  const shown = text({
    state: 'pending',
    reason: 'quiet period',
    oldestUnsyncedAtMs: 990_000,
    ahead: 2,
    behind: 1,
    pending: Array.from({ length: 12 }, (_, i) => ({ path: `n${i}.md`, class: 'code' as const, dueAtMs: 1_004_000 })),
    held: [{ path: 'key\n.pem', reason: 'a private key: ack it' }],
    slow: [{ pattern: 's/*.json', sinceMs: 402_000 }],
    quarantine: [{ pattern: 'q/*', signal: 'feedback', sinceMs: 942_000, proposedRule: 'BLOCK:q/*:loops' }],
    lastCommit: { oid: '0123456789abcdef', atMs: 1_000_000, paths: ['a'] },
  })
  for (const line of [
    'state:       pending: quiet period',
    'in sync:     no, the oldest change has waited for 12 s, 2 commits to push, 1 commit to get',
    'pending:     12',
    '  n0.md  code, due in 2 s',
    '  and 2 more',
    'held:        1',
    '  key\\n.pem  a private key: ack it',
    '  s/*.json  10 min ago; at once again: workspace-sync release <path>',
    '  q/*  feedback, 1 min ago; would settle it: BLOCK:q/*:loops',
    'last commit: 0123456789, 2 s ago, 1 path',
  ]) {
    expect(shown.split('\n')).toContain(line)
  }
})

test('no branch and no remote are said, not left empty', () => {
  expect(text({ branch: null, remote: null })).toContain('branch:      none (detached HEAD), no remote')
})

test('color is only for those who see it', () => {
  const escape = '\u001b['
  expect(text({ state: 'degraded' })).not.toContain(escape)
  expect(statusText(report({ state: 'degraded' }), 1_002_000, true)).toContain(`${escape}31mdegraded`)
})
