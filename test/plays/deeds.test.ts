import { expect, test } from 'vitest'
import { createDeeds } from './deeds.ts'
import type { Look } from './record.ts'

const nobody = new Set<string>()

/** Of a command between these numbers of moves of branch `main`. */
function look(from: number, to: number, seen: Partial<Look> = {}): Look {
  const moves = { from: new Map([['main', from]]), to: new Map([['main', to]]) }
  return { came: [], lying: [], marksGone: [], marksCome: [], ...moves, ...seen }
}

test('a commit that is taken out of the branch leaves its files where they lie: who commits them brings nothing back', () => {
  const deeds = createDeeds()
  deeds.done(['reset', '-q', '--mixed', 'HEAD~1'], look(3, 4, { lying: ['u/f.md'] }), nobody)
  expect(deeds.wasPut('main', 'u/f.md', 3, 4)).toBe(true)
  expect(deeds.wasPut('main', 'u/f.md', 2, 4)).toBe(false)
  expect(deeds.wasPut('main', 'u/other.md', 3, 4)).toBe(false)
  deeds.done(['reset', '-q', '--hard', 'HEAD~1'], look(5, 6, { lying: ['u/f.md'] }), nobody)
  expect(deeds.wasPut('main', 'u/f.md', 5, 6)).toBe(false)
})

test('a file that a person has lie there again was put there, but not by what they did before it was removed', () => {
  const deeds = createDeeds()
  deeds.done(['stash', 'pop'], look(5, 5, { came: ['u/f.md'], lying: ['u/f.md'] }), nobody)
  expect(deeds.wasPut('main', 'u/f.md', 4, 5)).toBe(true)
  expect(deeds.wasPut('main', 'u/f.md', 5, 7)).toBe(false)
  expect(deeds.wasPut('main', 'u/f.md', 2, 4)).toBe(false)
})

test('who switches takes along what lies there', () => {
  const deeds = createDeeds()
  deeds.done(['switch', '-q', 'main'], look(5, 5, { lying: ['u/f.md'] }), nobody)
  expect(deeds.wasPut('main', 'u/f.md', 4, 5)).toBe(true)
})

test('thrown away is what was in no commit, by a command that is meant to, until it is there again', () => {
  const deeds = createDeeds()
  const gone = look(1, 1, { marksGone: ['mark-1-1', 'mark-2-2'] })
  deeds.done(['stash', 'push'], gone, new Set(['mark-1-1']))
  expect(deeds.isThrownAway('mark-1-1')).toBe(false)
  deeds.done(['restore', '--', 'u/f.md'], gone, new Set(['mark-1-1']))
  expect(deeds.isThrownAway('mark-1-1')).toBe(true)
  expect(deeds.isThrownAway('mark-2-2')).toBe(false)
  deeds.done(['stash', 'pop'], look(1, 1, { marksCome: ['mark-1-1'] }), nobody)
  expect(deeds.isThrownAway('mark-1-1')).toBe(false)
})
