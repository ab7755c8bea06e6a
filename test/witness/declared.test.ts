import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { Observer, tagHashOf, type Declaration } from '../../src/witness/witness.ts'
import { FakeMachine, type FakeProcess } from '../support/fake-processes.ts'
import { Observed } from '../support/observed.ts'

const text = 'x'.repeat(700)
const tag = `helper:${'5'.repeat(32)}`

function declarationOf(root: FakeProcess, more: Partial<Declaration> = {}): Declaration {
  const { pid, startTick } = root
  const plain = { name: 'helper', policy: 'sync', command: 'helper', cgroup: null } as const
  return { ...plain, tagHash: tagHashOf(tag), root: { pid, startTick }, ...more }
}

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

test('since it was declared, its writes and those of nobody who is known are counted', () => {
  const at = new Observed()
  const [root, stranger] = [at.machine.spawn(600), at.machine.spawn(700)]
  at.write(stranger, 'before.json', text)
  at.machine.advance(600)
  at.observer.declare(declarationOf(root))
  expect(at.observer.tallyOf(600)).toEqual({ own: 0, unknown: 0 })
  at.machine.advance(300)
  for (const [writer, path] of [
    [root, 'a.json'],
    [stranger, 'b.json'],
    [root, 'c.json'],
  ] as const) {
    at.write(writer, path, text)
    at.machine.advance(600)
  }
  at.moveIn('moved.json', text)
  at.machine.advance(600)
  expect(at.observer.tallyOf(600)).toEqual({ own: 2, unknown: 1 })
  expect(at.observer.tallyOf(700)).toBe(null)
})

test('writes that there is no time to look into are counted as well', () => {
  const at = new Observed()
  const root = at.machine.spawn(600)
  at.observer.declare(declarationOf(root))
  at.machine.advance(300)
  // More new processes than are met at once: whoever is not known yet may have written it.
  for (let pid = 3_000; pid < 5_000; pid++) at.machine.spawn(pid)
  at.write(root, 'a.json', text)
  at.machine.advance(20)
  expect(at.observer.tallyOf(600)).toEqual({ own: 0, unknown: 1 })
  // More paths than wait for a look; of those that do nothing lies there any more.
  for (let n = 0; n < 2_001; n++) at.observer.noticed(pathBytes(`gone-${n}`))
  expect(at.observer.tallyOf(600)).toEqual({ own: 0, unknown: 2 })
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

test('where written bytes are hidden nobody is named, and nobody can be declared', () => {
  const machine = new FakeMachine()
  const root = machine.spawn(600, { executable: '/opt/claude-autonomous' })
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
