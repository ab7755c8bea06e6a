import { expect, test } from 'vitest'
import type { Writer } from '../../src/types.ts'
import { classifierWith, judged, unknownWriter } from '../support/judging.ts'

const classifier = classifierWith('ALLOW:docs/**:people write here\n')

function writer(part: Partial<Writer>): Writer {
  return { ...unknownWriter, name: 'tool', tier: 'T2', confidence: 0.9, ...part }
}

test('what an autonomous program writes for itself is blocked', () => {
  const { verdict } = judged(classifier, 'a.txt', { writer: writer({ kind: 'autonomous' }) })
  expect(verdict).toMatchObject({ decision: 'block', layer: 'process' })
  expect(verdict.reason).toContain('autonomous "tool" (T2)')
})

test('an ALLOW rule outweighs a program that was merely seen to write, not one that announced itself', () => {
  expect(judged(classifier, 'docs/a', { writer: writer({ kind: 'autonomous' }) }).verdict.decision).toBe('sync')
  expect(judged(classifier, 'docs/a', { writer: writer({ kind: 'autonomous', tier: 'T3' }) }).verdict.decision).toBe(
    'sync',
  )
  const announced = judged(classifier, 'docs/a', { writer: writer({ kind: 'autonomous', tier: 'T1' }) })
  expect(announced.verdict).toMatchObject({ decision: 'block', layer: 'process' })
})

test('the policy "block" blocks whatever the program is and whatever a rule says', () => {
  for (const kind of ['agent', 'unknown', 'autonomous'] as const) {
    for (const name of ['a.txt', 'docs/a']) {
      const { verdict } = judged(classifier, name, { writer: writer({ kind, policy: 'block' }) })
      expect(verdict).toMatchObject({ decision: 'block', layer: 'process' })
    }
  }
})

test("an agent's work is wanted, with or without a policy that says so", () => {
  for (const policy of ['sync', null] as const) {
    const { verdict } = judged(classifier, 'a.txt', { writer: writer({ kind: 'agent', policy }) })
    expect(verdict).toMatchObject({ decision: 'sync', layer: 'process' })
  }
})

test('what the daemon wrote itself is no change', () => {
  const { verdict } = judged(classifier, 'a.txt', { writer: writer({ kind: 'self', tier: 'T0' }) })
  expect(verdict).toMatchObject({ decision: 'block', layer: 'process' })
  expect(verdict.reason).toBe('not a change: written by workspace-sync itself')
})

test('a person and an unknown writer decide nothing, whatever the tier', () => {
  for (const kind of ['human', 'unknown'] as const) {
    for (const tier of ['T1', 'T2', 'T3', null] as const) {
      const { verdict } = judged(classifier, 'a.txt', { writer: writer({ kind, tier }) })
      expect(verdict).toMatchObject({ decision: 'sync', layer: 'default' })
    }
  }
})
