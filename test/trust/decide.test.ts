import { expect, test } from 'vitest'
import type { BlobOrigin } from '../../src/git/git.ts'
import { isConsented, lastOf, pathsInForce, withConsents, type Consent } from '../../src/trust/consents.ts'
import { decideTrust, type Standing } from '../../src/trust/decide.ts'

const untouched: BlobOrigin = { brought: false, committedHere: false, staged: false, converted: false }
const edited: Standing = { kind: 'in-force', how: 'edited' }
const waits = (why: string) => ({ kind: 'waits', why })

const table: readonly (readonly [string, Partial<BlobOrigin> | null, boolean, boolean, unknown])[] = [
  ['bytes that no commit and no index holds were edited here', {}, false, false, edited],
  ['a commit of somebody else holds them', { brought: true }, false, true, waits('brought')],
  ['a commit made here holds them', { committedHere: true }, false, false, edited],
  [
    'both hold them: whose they were first cannot be told',
    { brought: true, committedHere: true },
    false,
    true,
    waits('brought'),
  ],
  ['git writes other bytes than it keeps', { converted: true }, false, true, waits('converted')],
  [
    'the same, but exactly these are in a commit made here',
    { converted: true, committedHere: true },
    false,
    true,
    edited,
  ],
  ['a merge is under way', {}, true, true, waits('busy')],
  ['a merge is under way and a commit made here holds them', { committedHere: true }, true, false, edited],
  ['only the index holds them, just now', { staged: true }, false, false, waits('staged')],
  ['only the index holds them, for a while', { staged: true }, false, true, edited],
  ['staged while a merge is under way', { staged: true }, true, true, waits('busy')],
  ['brought and staged', { brought: true, staged: true }, false, true, waits('brought')],
  ['git cannot say', null, false, true, waits('unknown')],
]

test.each(table)('%s', (_, origin, isBusy, isSettled, standing) => {
  const known = origin === null ? null : { ...untouched, ...origin }
  expect(decideTrust(false, known, isBusy, isSettled)).toEqual(standing)
})

test.each(table)('with a yes to these bytes it is in force: %s', (_, origin, isBusy, isSettled) => {
  const known = origin === null ? null : { ...untouched, ...origin }
  expect(decideTrust(true, known, isBusy, isSettled)).toEqual({ kind: 'in-force', how: 'consented' })
})

function consent(path: string, sha256: string | null): Consent {
  return { path, sha256, oid: sha256, by: 'ack', reason: null, atMs: 0 }
}

test('a yes is to one content at one path', () => {
  const consents = [consent('a', '1')]
  expect(isConsented(consents, 'a', '1')).toBe(true)
  expect(isConsented(consents, 'a', '2')).toBe(false)
  expect(isConsented(consents, 'b', '1')).toBe(false)
  expect(isConsented(consents, 'a', null)).toBe(false)
})

test('what comes back into force is the last again', () => {
  const consents = withConsents([consent('a', '1'), consent('a', '2')], [consent('a', '1')])
  expect(lastOf(consents, 'a')?.sha256).toBe('1')
  expect(consents).toHaveLength(2)
})

test('a file whose going was agreed to is in force no more', () => {
  const consents = withConsents([consent('a', '1'), consent('b', '1')], [consent('a', null)])
  expect(pathsInForce(consents)).toEqual(['b'])
})

test('the oldest of more than a thousand are forgotten', () => {
  const many = Array.from({ length: 1_001 }, (_, at) => consent('a', String(at)))
  const consents = withConsents([], many)
  expect(consents).toHaveLength(1_000)
  expect(isConsented(consents, 'a', '0')).toBe(false)
  expect(isConsented(consents, 'a', '1000')).toBe(true)
})
