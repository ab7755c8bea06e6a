import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, afterEach, expect, test } from 'vitest'
import { lockOwner, takeLock } from '../../src/daemon/lock.ts'
import { clearTemporaries } from '../../src/daemon/state-dir.ts'
import { assert } from '../../src/errors.ts'
import { processes, type ProcessIdentity } from '../../src/platform/platform.ts'
import { tempDirectory } from '../support/temp-repo.ts'

let place: ReturnType<typeof tempDirectory>
let us: ProcessIdentity

beforeEach(() => {
  place = tempDirectory()
  const identity = processes.identity(process.pid)
  assert(identity !== null, 'this process runs')
  us = identity
})

afterEach(() => place.dispose())

const take = (who: ProcessIdentity) => takeLock(place.path, who, Date.now())

/** A process of its own that has ended. */
async function deadProcess(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['60'])
  const identity = processes.identity(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert(identity !== null, 'it ran')
  return identity
}

test('the first taker has the lock, the second is told whose it is', () => {
  const first = take(us)
  assert(first.kind === 'ours', 'the lock is free')
  expect(take({ ...us, startTick: us.startTick + 1 })).toEqual({ kind: 'theirs', owner: us })
  expect(first.lock.isOurs()).toBe(true)
  expect(lockOwner(place.path)).toEqual(us)
})

test('whoever may enter the directory may read whose it is: an unreadable one would pass for a dead one’s', () => {
  expect(take(us).kind).toBe('ours')
  expect(statSync(join(place.path, 'daemon.lock')).mode & 0o444).toBe(0o444)
})

test('a released lock is gone, and so is everything that was made to take it', () => {
  const taken = take(us)
  assert(taken.kind === 'ours', 'the lock is free')
  taken.lock.release()
  expect(readdirSync(place.path)).toEqual([])
  expect(lockOwner(place.path)).toBeNull()
})

test('the lock of a dead process is taken over', async () => {
  writeFileSync(join(place.path, 'daemon.lock'), JSON.stringify(await deadProcess()))
  expect(lockOwner(place.path)).toBeNull()
  expect(take(us).kind).toBe('ours')
  expect(lockOwner(place.path)).toEqual(us)
})

test('a pid that is in use again does not keep a dead daemon’s lock', () => {
  writeFileSync(join(place.path, 'daemon.lock'), JSON.stringify({ ...us, startTick: us.startTick - 1 }))
  expect(take(us).kind).toBe('ours')
})

test('a lock that cannot be understood belongs to nobody', () => {
  for (const text of ['', '{', '[]', '{"pid":"1","startTick":2}']) {
    writeFileSync(join(place.path, 'daemon.lock'), text)
    const taken = take(us)
    assert(taken.kind === 'ours', text)
    taken.lock.release()
  }
})

test('the lock of a living process that was copied along with its folder is nobody’s', () => {
  expect(take(us).kind).toBe('ours')
  const copy = join(place.path, 'copy')
  mkdirSync(copy)
  cpSync(join(place.path, 'daemon.lock'), join(copy, 'daemon.lock'))
  expect(lockOwner(copy)).toBeNull()
  expect(takeLock(copy, us, Date.now()).kind).toBe('ours')
  expect(lockOwner(copy)).toEqual(us)
  expect(lockOwner(place.path)).toEqual(us)
})

test('the lock of a version that did not say where it was taken counts', () => {
  writeFileSync(join(place.path, 'daemon.lock'), JSON.stringify(us))
  expect(lockOwner(place.path)).toEqual(us)
})

test('a take-over under way keeps others from taking over too; one that was left behind does not', async () => {
  writeFileSync(join(place.path, 'daemon.lock'), JSON.stringify(await deadProcess()))
  const second = join(place.path, 'daemon.lock.takeover')
  writeFileSync(second, '')
  expect(take(us).kind).toBe('theirs')
  expect(takeLock(place.path, us, Date.now() + 60_000).kind).toBe('ours')
  expect(existsSync(second)).toBe(false)
})

test('whoever lost the lock knows it, and does not remove the new one', () => {
  const first = take(us)
  assert(first.kind === 'ours', 'the lock is free')
  const other = JSON.stringify({ pid: us.pid, startTick: us.startTick + 1 })
  writeFileSync(join(place.path, 'daemon.lock'), other)
  expect(first.lock.isOurs()).toBe(false)
  first.lock.release()
  expect(existsSync(join(place.path, 'daemon.lock'))).toBe(true)
})

test('a lock that was removed or spoiled is taken again, one that a living daemon has is not', () => {
  const first = take(us)
  assert(first.kind === 'ours', 'the lock is free')
  const path = join(place.path, 'daemon.lock')
  for (const spoil of [() => rmSync(path), () => writeFileSync(path, 'x')]) {
    spoil()
    expect(first.lock.hold(Date.now())).toBe(true)
    expect(lockOwner(place.path)).toEqual(us)
  }
  const other = processes.identity(process.ppid)
  writeFileSync(path, JSON.stringify(other))
  expect(first.lock.hold(Date.now())).toBe(false)
  expect(lockOwner(place.path)).toEqual(other)
})

test('half-written files of those who were killed go, those of the living stay', async () => {
  const dead = await deadProcess()
  const names = [`state.json.${dead.pid}.tmp`, `status.json.${dead.pid}.tmp`, `fsck.json.${us.pid}.tmp`, 'state.json']
  for (const name of names) writeFileSync(join(place.path, name), '{}')
  clearTemporaries(place.path, (pid) => processes.identity(pid) !== null)
  expect(readdirSync(place.path)).toEqual([`fsck.json.${us.pid}.tmp`, 'state.json'])
})
