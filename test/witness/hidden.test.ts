import { expect, test } from 'vitest'
import { tagHashOf } from '../../src/witness/witness.ts'
import { Observed } from '../support/observed.ts'

const text = 'x'.repeat(700)

test('what a stranger may have written who hides it is not given to the only known writer that wrote as much', () => {
  for (const hidden of [false, true]) {
    const at = new Observed({ before: (machine) => void machine.spawn(700, { hidden }) })
    const root = at.machine.spawn(600)
    const declared = { name: 'helper', policy: 'sync', command: 'helper', cgroup: null, root } as const
    expect(at.observer.declare({ ...declared, tagHash: tagHashOf('t') })).toBe(true)
    at.machine.advance(1_000)
    // It writes elsewhere, too, so that its bytes alone prove nothing.
    root.written += 5_000
    at.write(root, 'a.json', text)
    expect(at.name('a.json')).toBe(hidden ? 'unknown' : 'agent helper T1')
    at.machine.processes.delete(700)
    at.machine.advance(2_000)
    // That it is gone is found with the next write.
    at.write(root, 'b.json', text)
    at.machine.advance(2_000)
    root.written += 5_000
    at.write(root, 'c.json', text)
    expect(at.name('c.json'), 'nobody hides any more').toBe('agent helper T1')
  }
})
