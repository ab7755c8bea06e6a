import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openState, openStateReadOnly, readState, stateAtRest } from '../../src/daemon/state-file.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import { tempDirectory } from '../support/temp-repo.ts'

let place: ReturnType<typeof tempDirectory>
beforeEach(() => {
  place = tempDirectory()
})
afterEach(() => place.dispose())

const open = () => openState(place.path, () => '0123456789abcdef', 42)
const file = () => join(place.path, 'state.json')

test('what was written is there after a restart, bytes of names and all', () => {
  const journal = { id: 'x', ref: 'refs/heads/main', base: null, commit: 'c', paths: [pathOfLatin1('caf\xe9')] }
  const acknowledged = [{ path: pathBytes('ä'), what: 'blob', oid: 'a', reason: null, atMs: 1 } as const]
  open().update({ firstSync: true, acknowledged, journal })
  expect(open().value).toMatchObject({ firstSync: true, acknowledged, journal, cloneId: '0123456789abcdef' })
  expect(readdirSync(place.path)).toEqual(['state.json'])
})

test.each(['', '{', 'null', '{"version":1,"cloneId":"zz"}'])(
  'a damaged file (%j) is kept aside, told, and a new state begun',
  (text) => {
    writeFileSync(file(), text)
    const state = open()
    expect(state.takeNews()).toBe(`state.json was damaged; it is kept as ${file()}.damaged-42 and a new one begun`)
    expect(state.takeNews()).toBeNull()
    expect(readFileSync(`${file()}.damaged-42`, 'utf8')).toBe(text)
    expect(state.value.firstSync).toBe(false)
  },
)

test('a command that only looks neither moves nor writes anything', () => {
  writeFileSync(file(), '{')
  expect(readState(place.path)).toBeNull()
  openStateReadOnly(place.path).update({ firstSync: true })
  expect(readFileSync(file(), 'utf8')).toBe('{')
})

test('consent without a daemon is kept for the next start', () => {
  stateAtRest.write(place.path, 1, { firstSync: true })
  expect(open().value.firstSync).toBe(true)
})

test('the state of a newer version is refused, untouched, with what to do', () => {
  writeFileSync(file(), '{"version":2}')
  expect(open).toThrow(/newer version/)
  expect(readdirSync(place.path)).toEqual(['state.json'])
})
