import { expect, test } from 'vitest'
import type { ToldDecision } from '../../src/control/control.ts'
import { decisionsFor, Listeners } from '../../src/daemon/decision-stream.ts'
import { decidedOn } from '../support/verdicts.ts'

function told(globs: readonly string[], names: readonly string[]): readonly ToldDecision[] {
  const found: ToldDecision[] = []
  const hear = decisionsFor(
    globs,
    () => 7,
    (decision) => void found.push(decision),
  )
  for (const name of names)
    hear(decidedOn(name, { trail: [{ layer: 'rules', outcome: 'block', detail: '', micros: 1_500 }] }))
  return found
}

test('a decision is told with its time, evidence and cost', () => {
  expect(told([], ['a.md'])).toEqual([
    {
      atMs: 7,
      path: 'a.md',
      verdict: 'block',
      provisional: false,
      layer: 'content',
      reason: 'no news',
      class: 'default',
      rule: null,
      writer: null,
      tookMs: 1.5,
    },
  ])
})

test('a path stands for what is below it, a glob for what it matches', () => {
  const names = ['notes/a.md', 'notes/deep/b.md', 'other/c.md', 'd:e.md']
  const pathsOf = (globs: readonly string[]) => told(globs, names).map(({ path }) => path)
  expect(pathsOf(['notes'])).toEqual(['notes/a.md', 'notes/deep/b.md'])
  expect(pathsOf(['notes/*', 'd:e.md'])).toEqual(['notes/a.md', 'd:e.md'])
  expect(pathsOf(['/other/'])).toEqual(['other/c.md'])
})

test('a glob that cannot be understood is refused with what to write instead', () => {
  expect(() => told(['a{b'], [])).toThrow(/./)
  expect(() => told(['!(a)'], [])).toThrow(/./)
})

test('who has ended listening hears nothing more', () => {
  const listeners = new Listeners()
  const heard: string[] = []
  const stop = listeners.add(({ kind }) => void heard.push(kind))
  listeners.tell({ kind: 'notice', text: 'a' })
  stop()
  listeners.tell({ kind: 'notice', text: 'b' })
  expect(heard).toEqual(['notice'])
})
