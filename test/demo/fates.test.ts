import { expect, test } from 'vitest'
import { fatesOf, type Decided, type Facts } from '../../src/demo/fates.ts'
import type { StatusFile } from '../../src/report/report.ts'
import { decidedOn } from '../support/verdicts.ts'

function decided(path: string, decision: Decided['decision'], reason: string): [string, Decided] {
  return [path, decidedOn(path, { decision, reason })]
}

function fateOf(path: string, facts: Partial<Facts>) {
  const all = { commits: [], decisions: new Map<string, Decided>(), status: null, open: new Set<string>(), ...facts }
  return fatesOf({ writes: new Map([[path, 3]]), ...all })[0]
}

const waiting = (path: string, pace: 'slow' | 'code') =>
  ({ held: [], pending: [{ path, class: pace, dueAtMs: 0 }] }) as unknown as StatusFile

test('a file that the remote has and that waits for nothing is synced', () => {
  const commits = [
    { oid: '1', paths: ['a.md', 'b.md'] },
    { oid: '2', paths: ['a.md'] },
  ]
  const decisions = new Map([decided('a.md', 'sync', 'a change')])
  expect(fateOf('a.md', { commits, decisions })).toEqual({
    path: 'a.md',
    by: 'person',
    writes: 3,
    commits: 2,
    state: 'synced',
    reason: '',
  })
})

test('a file that is on the remote and whose newest version waits is not called synced', () => {
  const commits = [{ oid: '1', paths: ['state/index.txt'] }]
  const decisions = new Map([decided('state/index.txt', 'sync', 'kept to the slow pace')])
  const status = waiting('state/index.txt', 'slow')
  const slow = fateOf('state/index.txt', { commits, decisions, status })
  expect(slow).toMatchObject({ by: 'program', commits: 1, state: 'slow', reason: 'kept to the slow pace' })
  expect(fateOf('a.md', { commits, status: waiting('a.md', 'code') })).toMatchObject({ state: 'waiting' })
})

test('a save that the remote does not have is not there yet, though an older one is', () => {
  const commits = [{ oid: '1', paths: ['a.md'] }]
  expect(fateOf('a.md', { commits, open: new Set(['a.md']) })).toMatchObject({ state: 'waiting', commits: 1 })
})

test('what is blocked or held says why', () => {
  const decisions = new Map([decided('a.json', 'block', 'only volatile members differ')])
  expect(fateOf('a.json', { decisions })).toMatchObject({ state: 'blocked', reason: 'only volatile members differ' })
  const status = { held: [{ path: 'a.json', reason: 'a secret' }], pending: [] } as unknown as StatusFile
  expect(fateOf('a.json', { decisions, status })).toMatchObject({ state: 'held', reason: 'a secret' })
})

test('what nobody has decided about and the remote lacks is not there yet', () => {
  expect(fateOf('a.md', {})).toMatchObject({ state: 'waiting', commits: 0, reason: '' })
})
