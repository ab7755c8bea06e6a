import { expect, test } from 'vitest'
import { Pass } from '../../src/events/pass.ts'
import { createNode } from '../../src/events/tree.ts'

const node = () => createNode(null, '', 0)

function recorded() {
  const reasons: (string | null)[] = []
  return { reasons, pass: new Pass((reason) => reasons.push(reason)) }
}

test('a pass is over when everybody left, and then gives its first reason once', () => {
  const { pass, reasons } = recorded()
  const [a, b] = [node(), node()]
  pass.begin('first', 0)
  pass.join(a)
  pass.join(a)
  pass.begin('second', 1)
  pass.join(b)
  pass.leave(a)
  pass.leave(a)
  pass.settle(2)
  expect(reasons).toEqual([])
  pass.leave(b)
  pass.settle(3)
  pass.settle(4)
  expect(reasons).toEqual(['first'])
})

test('who waits for a pass goes on when it is over, also without a reason', async () => {
  const { pass, reasons } = recorded()
  const a = node()
  pass.begin(null, 0)
  pass.join(a)
  const over = pass.wait()
  pass.leave(a)
  pass.settle(1)
  await over
  expect(reasons).toEqual([null])
})

test('after a pass the next one rests four times as long as it took', () => {
  const { pass } = recorded()
  const a = node()
  expect(pass.restMs(0)).toBe(0)
  pass.begin('reason', 1_000)
  pass.join(a)
  pass.leave(a)
  pass.settle(1_100)
  expect(pass.restMs(1_100)).toBe(400)
  expect(pass.restMs(1_450)).toBe(50)
  expect(pass.restMs(1_600)).toBe(0)
})
