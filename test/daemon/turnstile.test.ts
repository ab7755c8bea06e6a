import { expect, test } from 'vitest'
import { Turnstile } from '../../src/daemon/turnstile.ts'

test('one task at a time, in their order, also after one that failed', async () => {
  const turnstile = new Turnstile()
  const seen: string[] = []
  const task = (name: string) => async () => {
    seen.push(`${name} begins`)
    await Promise.resolve()
    seen.push(`${name} ends`)
    if (name === 'b') throw new Error(name)
    return name
  }
  const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => turnstile.run(task(name))))
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})
