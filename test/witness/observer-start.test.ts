import { expect, test } from 'vitest'
import type { FakeMachine, FakeProcess } from '../support/fake-processes.ts'
import { Observed } from '../support/observed.ts'

const text = 'x'.repeat(700)
const known = '/opt/claude-autonomous'

test('what lay there before everything was looked at may hold a person’s edit, and is nobody’s alone', () => {
  let isTreeKnown = false
  const before = (machine: FakeMachine): void => void machine.spawn(500, { executable: known, args: ['x'] })
  const at = new Observed({ before, isTreeKnown: () => isTreeKnown })
  const program = at.machine.processes.get(500) as FakeProcess
  at.write(program, 'early.json', text)
  expect(at.name('early.json')).toBe('unknown')
  isTreeKnown = true
  at.write(program, 'late.json', text)
  expect(at.name('late.json')).toBe('autonomous claude-autonomous T2')
  at.write(program, 'early.json', `${text} `)
  expect(at.name('early.json')).toBe('unknown')
})
