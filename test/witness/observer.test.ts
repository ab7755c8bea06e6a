import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { Observer, tagHashOf, type Declaration } from '../../src/witness/witness.ts'
import { FakeMachine, type FakeProcess } from '../support/fake-processes.ts'
import { Observed } from '../support/observed.ts'

const text = 'x'.repeat(700)
const tag = `helper:${'5'.repeat(32)}`
const known = '/opt/claude-autonomous'

function declarationOf(root: FakeProcess, more: Partial<Declaration> = {}): Declaration {
  const { pid, startTick } = root
  const plain = { name: 'helper', policy: 'sync', command: 'helper', cgroup: null } as const
  return { ...plain, tagHash: tagHashOf(tag), root: { pid, startTick }, ...more }
}

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

test('children, orphans and strangers', () => {
  const at = new Observed()
  const { machine, observer } = at
  const root = machine.spawn(600)
  expect(observer.declare(declarationOf(root, { cgroup: '/own' }))).toBe(true)
  const orphan = (pid: number, more: Partial<FakeProcess>): FakeProcess => machine.spawn(pid, { parent: 1, ...more })
  const child = machine.spawn(601, { parent: 600 })
  const cases: readonly [string, FakeProcess, boolean][] = [
    ['a child', child, true],
    ['its child', machine.spawn(602, { parent: 601 }), true],
    ['an orphan with the tag', orphan(603, { environment: { WORKSPACE_SYNC_WRITER: tag } }), true],
    ['an orphan without it, in the group', orphan(604, { cgroup: '/own/below' }), true],
    ['one that knows only the name', orphan(605, { environment: { WORKSPACE_SYNC_WRITER: 'helper' } }), false],
    ['one with a tag of its own', orphan(606, { environment: { WORKSPACE_SYNC_WRITER: 'helper:00' } }), false],
    ['one in a group of a like name', orphan(607, { cgroup: '/owned' }), false],
    ['one that calls itself so', orphan(608, { args: ['helper'], executable: '/bin/node' }), false],
  ]
  machine.advance(50)
  for (const [what, writer, isHelper] of cases) {
    const path = `${writer.pid}.json`
    at.write(writer, path, text)
    expect(at.name(path), what).toBe(isHelper ? 'agent helper T1' : 'unknown')
  }
})

test('the bytes of a child that has ended are still the writer’s', () => {
  const at = new Observed()
  const root = at.machine.spawn(600)
  at.observer.declare(declarationOf(root))
  const child = at.machine.spawn(601, { parent: 600 })
  at.write(child, 'a.json', text)
  at.machine.reap(601)
  expect(at.name('a.json')).toBe('agent helper T1')
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
  at.observer.authors.dealt(pathBytes('beat.json'))
  at.write(program, 'beat.json', text)
  expect(at.name('beat.json')).toBe('autonomous claude-autonomous T2')
})

test('what somebody else touched is nobody’s alone until it is committed', () => {
  const { at, program } = withProgram()
  const editor = at.machine.spawn(900)
  at.write(editor, 'shared.json', text)
  expect(at.name('shared.json')).toBe('unknown')
  at.write(program, 'shared.json', `${text}!`)
  expect(at.name('shared.json')).toBe('unknown')
  at.observer.authors.dealt(pathBytes('shared.json'))
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

test('a declared writer ends with the last of its processes, and is found again after a restart', () => {
  const at = new Observed()
  const root = at.machine.spawn(600)
  at.observer.declare(declarationOf(root))
  at.machine.spawn(601, { parent: 600, environment: { WORKSPACE_SYNC_WRITER: tag } })
  at.machine.advance(300)
  at.machine.reap(600)
  at.machine.advance(2_000)
  expect([at.ended, at.observer.writers().length]).toEqual([[], 1])
  const survivor = (machine: FakeMachine): void =>
    void machine.spawn(601, { environment: { WORKSPACE_SYNC_WRITER: tag } })
  const later = new Observed({ declared: [declarationOf(root)], before: survivor })
  expect([later.ended, later.observer.writers().map(({ name }) => name)]).toEqual([[], ['helper']])
  later.machine.reap(601)
  later.machine.advance(30_000)
  expect([later.ended, later.observer.writers()]).toEqual([['helper'], []])
  expect(new Observed({ declared: [declarationOf(root)] }).ended).toEqual(['helper'])
})

test('without a known writer nothing is read while nothing happens, and no timer is set', () => {
  const at = new Observed()
  at.observer.noticed(pathBytes('a.md'))
  at.machine.advance(10_000)
  const { reads } = at.machine
  at.machine.advance(3_600_000)
  expect([at.machine.reads - reads, at.machine.waiting]).toEqual([0, 0])
})

test('where written bytes are hidden nobody is named, and nobody can be declared', () => {
  const machine = new FakeMachine()
  const root = machine.spawn(600, { executable: known })
  const observer = new Observer({
    root: '/nonexistent',
    clock: machine.clock,
    table: { ...machine.table, hasLedger: false },
    ownPid: 1,
    patterns: () => ({ autonomous: ['.*'], agent: [] }),
    declared: [],
    onEnded: () => {},
    onNews: () => {},
  })
  observer.noticed(pathBytes('a.md'))
  expect([observer.declare(declarationOf(root)), machine.waiting, observer.writers()]).toEqual([false, 0, []])
  observer.close()
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

test('a pid of a stranger that is in use again is not overlooked', () => {
  const at = new Observed({ before: (machine) => void machine.spawn(700, { written: 50_000 }) })
  const root = at.machine.spawn(600)
  expect(at.observer.declare(declarationOf(root))).toBe(true)
  at.write(root, 'own.json', text)
  at.machine.advance(2_000)
  at.machine.processes.delete(700)
  const editor = at.machine.spawn(700, { executable: '/usr/bin/editor' })
  at.machine.advance(1_000)
  // The program writes more elsewhere, so that only who was excluded counts.
  root.written += 5_000
  at.write(editor, 'b.json', text)
  expect(at.name('b.json')).toBe('unknown')
})
