import { expect, test } from 'vitest'
import type { Check } from '../../src/health/check.ts'
import type { HealthFacts } from '../../src/health/facts.ts'
import { healthChecks } from '../../src/health/judge.ts'
import { healthFacts, withDaemon, withoutDaemon } from '../support/health-facts.ts'
import { healthTroubles, lock, pause } from '../support/health-troubles.ts'

const minuteMs = 60_000

function check(name: string, changed: Partial<HealthFacts>): Check | undefined {
  return healthChecks(healthFacts(changed)).find((one) => one.name === name)
}

test.each(healthTroubles)('%s', (_, name, changed, outcome, detail, remedy) => {
  const found = check(name, changed)
  expect(found).toMatchObject({ outcome })
  expect(found?.detail).toMatch(detail)
  expect(found?.remedy).toMatch(remedy)
  const others = healthChecks(healthFacts(changed)).filter((one) => one.name !== name && one.outcome === 'fail')
  // A daemon that cannot be seen takes along what only it could tell, and nothing else.
  expect(others.map((one) => one.name)).toEqual([])
})

test('a healthy workspace passes every check, and none has a remedy', () => {
  const checks = healthChecks(healthFacts())
  expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([])
  expect(checks.map(({ remedy }) => remedy).filter((remedy) => remedy !== null)).toEqual([])
  expect(checks.length).toBeGreaterThan(12)
})

test('HEAD on no branch because of a rebase is mended by ending the rebase', () => {
  const pauses = [pause('rebase-in-progress', 'rebase --continue'), pause('detached-head', 'switch main')]
  const facts = { operations: { pauses }, remote: { kind: 'detached' } } as const
  expect(check('operations', facts)?.remedy).toBe('git rebase --continue')
  expect(check('remote', facts)?.remedy).toBe('git rebase --continue')
  const conflict = { operations: { pauses: [pause('rebase-in-progress', 'rebase --abort')] } }
  expect(check('operations', conflict)?.remedy).toMatch(/^git rebase --abort {2}# gives up what was begun/)
})

test('what is healthy stays so where one might think otherwise', () => {
  const fine: readonly (readonly [string, Partial<HealthFacts>])[] = [
    ['lock', { locks: { daemon: null, git: [lock({ ageMs: 2_000 })] } }],
    ['lock', { locks: { daemon: null, git: [lock({ ageMs: 60_000, owner: { pid: 7, command: 'git' } })] } }],
    ['disk', { disk: { path: '/d', freeBytes: 2 ** 40, wantedBytes: 1, freeInodes: null } }],
    ['operations', { operations: { pauses: [pause('locked')] } }],
    ['clock', { clock: { fileSystemMs: 30_000, remoteMs: null, headMs: -(10 ** 10) } }],
    ['convergence', { daemon: withDaemon({ oldestUnsyncedAtMs: 1_000_000 - 10 * minuteMs }) }],
    ['convergence', { daemon: withoutDaemon, unsynced: { paths: 0, held: 0, commits: 0 } }],
    ['remote', { remote: { kind: 'off' } }],
    ['daemon', { daemon: withDaemon({ state: 'paused', reason: 'first-look: it looks' }) }],
    ['capacity', { capacity: { directories: 10 ** 6, watches: null, instances: null } }],
    [
      'stability',
      { commits: { lastHour: { all: 3, automatic: 3 }, lastDay: { all: 30, automatic: 30 }, ceilingPerHour: 40 } },
    ],
  ]
  for (const [name, changed] of fine)
    expect(check(name, changed), name).toMatchObject({ outcome: 'pass', remedy: null })
})
