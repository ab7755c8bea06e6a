import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import type { FakeProcess } from '../support/fake-processes.ts'
import { Observed } from '../support/observed.ts'

const text = 'x'.repeat(700)
const known = '/opt/claude-autonomous'

/** A program of the configuration that has been there for a while. */
function withProgram(executable = known, args: readonly string[] = ['x']): { at: Observed; program: FakeProcess } {
  const at = new Observed({ before: (machine) => void machine.spawn(500, { executable, args }) })
  const program = at.machine.processes.get(500)
  if (program === undefined) throw new Error('it was started')
  return { at, program }
}

test('a program of the configuration is known by its file, and what it writes is its own', () => {
  const { at, program } = withProgram()
  at.write(program, 'state.json', text)
  expect(at.name('state.json')).toBe('autonomous claude-autonomous T2')
  const agent = withProgram('/opt/my-agent')
  agent.at.write(agent.program, 'state.json', text)
  expect(agent.at.name('state.json')).toBe('agent my-agent T2')
})

test('a process that calls itself like a known program is not believed', () => {
  for (const args of [['claude-autonomous'], ['node /opt/claude-autonomous'], ['claude-autonomous', '-e', 'x']]) {
    const { at, program } = withProgram('/usr/bin/node', args)
    at.write(program, 'state.json', text)
    expect(at.name('state.json')).toBe('unknown')
  }
})

test('a process that becomes a known program later is found', () => {
  const { at, program } = withProgram('/bin/sh')
  program.executable = known
  at.write(program, 'first.json', text)
  at.machine.advance(1_500)
  at.write(program, 'second.json', text)
  expect(at.name('second.json')).toBe('autonomous claude-autonomous T2')
})

test('a pid that is in use again is another process', () => {
  const { at, program } = withProgram()
  at.write(program, 'a.json', text)
  expect(at.name('a.json')).toBe('autonomous claude-autonomous T2')
  at.machine.processes.delete(500)
  at.machine.advance(300)
  const editor = at.machine.spawn(500, { executable: '/usr/bin/editor', written: 10 })
  at.machine.advance(300)
  at.write(editor, 'b.json', text)
  expect(at.name('b.json')).toBe('unknown')
  expect(at.observer.writers()).toEqual([])
})

test('a person who edits while a program writes is never taken for it', () => {
  const { at, program } = withProgram()
  const editor = at.machine.spawn(900)
  at.machine.advance(300)
  for (let n = 0; n < 40; n++) {
    at.write(program, 'beat.json', 'b'.repeat(300 + 17 * n))
    if (n % 2 === 0) at.write(editor, `edit-${n}.md`, 'e'.repeat(1 + 37 * n))
    at.machine.advance(50)
  }
  for (let n = 0; n < 40; n += 2) expect(at.name(`edit-${n}.md`), `edit ${n}`).toBe('unknown')
  at.committed('beat.json')
  at.write(program, 'beat.json', text)
  expect(at.name('beat.json')).toBe('autonomous claude-autonomous T2')
})

test('a person’s edit right after a write of a program is not taken for the program’s, whatever the sizes', () => {
  for (let gapMs = -20; gapMs <= 40; gapMs++) {
    for (const [sizeBytes, ...beats] of [
      [820, 900],
      [900, 900],
      [1_000, 300, 650],
    ] as const) {
      const { at, program } = withProgram()
      const editor = at.machine.spawn(900)
      at.machine.advance(300)
      const beat = (): void => beats.forEach((size, nth) => at.write(program, `beat-${nth}.json`, 'b'.repeat(size)))
      if (gapMs >= 0) beat()
      at.machine.advance(Math.max(0, gapMs))
      // An editor writes more than the file.
      editor.written += 9_000
      at.write(editor, 'mine.md', 'e'.repeat(sizeBytes))
      at.machine.advance(Math.max(0, -gapMs))
      if (gapMs < 0) beat()
      expect(at.name('mine.md'), `${gapMs} ms later, ${sizeBytes} bytes beside ${beats.join()}`).toBe('unknown')
    }
  }
})

test('what somebody else touched is nobody’s alone until it is committed', () => {
  const { at, program } = withProgram()
  const editor = at.machine.spawn(900)
  at.write(editor, 'shared.json', text)
  expect(at.name('shared.json')).toBe('unknown')
  at.write(program, 'shared.json', `${text}!`)
  expect(at.name('shared.json')).toBe('unknown')
  at.committed('shared.json')
  at.write(program, 'shared.json', `${text}!!`)
  expect(at.name('shared.json')).toBe('autonomous claude-autonomous T2')
})

test('a log that is opened first and written later has its writer', () => {
  const { at, program } = withProgram()
  program.written -= 36
  at.write(program, 'run.log', '')
  at.machine.advance(1_000)
  at.write(program, 'run.log', text)
  expect(at.name('run.log')).toBe('autonomous claude-autonomous T2')
})

test('a file that is only moved here has no writer, however busy a program is', () => {
  const { at, program } = withProgram()
  program.written += 736
  at.moveIn('draft.md', text)
  expect(at.name('draft.md')).toBe('unknown')
})

test('a program that writes much elsewhere is not named where others were at work too', () => {
  const { at, program } = withProgram()
  const other = at.machine.spawn(900)
  at.machine.advance(300)
  program.written += 5_000
  at.machine.advance(1_000)
  other.written += 5_000
  at.write(program, 'a.json', text)
  expect(at.name('a.json')).toBe('unknown')
})

test('what was asked too early is told when it is known', () => {
  const { at, program } = withProgram()
  at.write(program, 'a.json', text)
  expect(at.who('a.json', 0)).toBe(null)
  at.machine.advance(600)
  expect(at.news).toEqual(['a.json'])
  expect(at.name('a.json')).toBe('autonomous claude-autonomous T2')
})

test('a batch does not wait: what can be known is found at once', () => {
  const { at, program } = withProgram()
  at.write(program, 'a.json', text)
  at.machine.advance(6)
  at.observer.settle([pathBytes('a.json')])
  expect(at.who('a.json', 0)).toMatchObject({ kind: 'autonomous' })
})

test('a person is known at a terminal where something was typed, in the foreground', () => {
  const at = new Observed({
    before(machine) {
      machine.spawn(700, { terminal: 34_816, session: 700, startTick: 50_000 })
      machine.typedAtMs.set(34_816, machine.nowMs)
    },
  })
  const shell = at.machine.processes.get(700)
  if (shell === undefined) throw new Error('it was started')
  at.write(shell, 'first.md', text)
  at.machine.advance(1_200)
  at.write(shell, 'second.md', text)
  expect(at.who('second.md')).toMatchObject({ kind: 'human', tier: 'T2' })
  // Nobody has typed for a while: it may be a loop that somebody left behind.
  at.machine.advance(30_000)
  at.write(shell, 'third.md', text)
  expect(at.name('third.md')).toBe('unknown')
})

test('without a known writer nothing is read while nothing happens, and no timer is set', () => {
  const at = new Observed()
  at.observer.noticed(pathBytes('a.md'))
  at.machine.advance(10_000)
  const { reads } = at.machine
  at.machine.advance(3_600_000)
  expect([at.machine.reads - reads, at.machine.waiting]).toEqual([0, 0])
})

test('beside processes that hide what they write a program is still known by its own bytes', () => {
  const { at, program } = withProgram()
  at.machine.spawn(900, { hidden: true })
  at.write(program, 'a.json', text)
  expect(at.name('a.json')).toBe('autonomous claude-autonomous T2')
  const hidden = withProgram()
  hidden.program.hidden = true
  hidden.at.write(hidden.program, 'a.json', text)
  expect(hidden.at.name('a.json')).toBe('unknown')
})

test('a clock that is set makes writes of the moment unknown, and nothing else', () => {
  const { at, program } = withProgram()
  at.write(program, 'a.json', text)
  at.machine.jump(3_600_000)
  expect(at.name('a.json')).toBe('unknown')
  at.machine.advance(2_000)
  at.write(program, 'b.json', text)
  expect(at.name('b.json')).toBe('autonomous claude-autonomous T2')
})

test('five thousand processes are read once in a while, not at every event', () => {
  const at = new Observed({
    before(machine) {
      for (let pid = 3_000; pid < 8_000; pid++) machine.spawn(pid)
      machine.spawn(500, { executable: known })
    },
  })
  const program = at.machine.processes.get(500)
  if (program === undefined) throw new Error('it was started')
  const before = at.machine.reads
  for (let n = 0; n < 200; n++) {
    at.write(program, `s-${n % 10}.json`, 'y'.repeat(300 + n))
    at.machine.advance(10)
  }
  // Two seconds of events, read by no more than a census each quarter of a second.
  expect((at.machine.reads - before) / 200).toBeLessThan(400)
  expect(at.name('s-9.json')).toBe('autonomous claude-autonomous T2')
})

test('a clock that was set back holds nobody up, and what was open stays unknown', () => {
  const { at, program } = withProgram()
  at.write(program, 'a.json', text)
  at.machine.advance(30)
  at.machine.jump(-3_600_000)
  at.observer.settle('all')
  at.machine.advance(600)
  expect(at.observer.authors.lastSeen(pathBytes('a.json'))).toBeNull()
})
