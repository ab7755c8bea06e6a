import { expect, test } from 'vitest'
import { Observed } from '../support/observed.ts'

const text = 'x'.repeat(700)

test('a program that runs long since is known by its name when that is configured, and no more when it is not', () => {
  const at = new Observed({ before: (machine) => void machine.spawn(500, { executable: '/opt/late', args: ['x'] }) })
  const program = at.machine.processes.get(500)
  if (program === undefined) throw new Error('it was started')
  at.write(program, 'a.json', text)
  expect(at.name('a.json')).toBe('unknown')
  const configured = at.patterns
  at.patterns = { autonomous: ['late'], agent: [] }
  at.observer.renamed()
  at.machine.advance(3_000)
  at.write(program, 'b.json', text)
  expect(at.name('b.json')).toBe('autonomous late T2')
  at.patterns = configured
  at.observer.renamed()
  at.machine.advance(3_000)
  at.write(program, 'c.json', text)
  expect(at.name('c.json')).toBe('unknown')
})
