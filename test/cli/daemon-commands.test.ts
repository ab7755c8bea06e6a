import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createControlServer, type ControlHandlers } from '../../src/control/control.ts'
import { processes, type ProcessIdentity } from '../../src/platform/platform.ts'
import type { FlushResult } from '../../src/schedule/schedule.ts'
import { pathBytes, type PathBytes } from '../../src/types.ts'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace, pretendWorkTree, type CliPlace } from '../support/run-cli.ts'
import { statusFile } from '../support/status-file.ts'

interface Pretended {
  readonly place: CliPlace
  readonly stateDir: string
}

function unasked(): never {
  throw new Error('not asked for in this test')
}

const unaskedHandlers: ControlHandlers = {
  ping: unasked,
  status: unasked,
  stop: unasked,
  sync: unasked,
  release: unasked,
  ack: unasked,
  pause: unasked,
  resume: unasked,
  undo: unasked,
  resolve: unasked,
  declare: unasked,
  written: unasked,
  writers: unasked,
  consent: unasked,
}

/** A control server of a pretended daemon. */
async function pretendDaemon(handlers: Partial<ControlHandlers>): Promise<Pretended> {
  const place = cliPlace()
  const stateDir = pretendWorkTree(place.root)
  const server = await createControlServer({
    stateDir,
    runtimeDir: null,
    temporaryDir: stateDir,
    userId: process.getuid?.() ?? 0,
    handlers: { ...unaskedHandlers, ...handlers },
    debug: unasked,
    onError: () => {},
  })
  onTestFinished(() => server.close())
  return { place, stateDir }
}

async function sleeper(): Promise<{ readonly child: ChildProcess; readonly identity: ProcessIdentity }> {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, identity: processes.identity(child.pid ?? 0) ?? { pid: 0, startTick: 0 } }
}

function syncsWith(result: FlushResult, asked: (readonly PathBytes[] | null)[] = []): Promise<Pretended> {
  return pretendDaemon({
    sync: ({ paths }) => {
      asked.push(paths)
      return result
    },
  })
}

test('sync asks for everything, or for what is named', async () => {
  const asked: (readonly PathBytes[] | null)[] = []
  const { place } = await syncsWith({ ok: true, held: [], problem: null }, asked)
  expect(await place.run(['sync'])).toEqual({ code: 0, out: 'on the remote\n', err: '' })
  await place.run(['sync', 'a', 'ü/'])
  await place.run(['sync', 'a', '.'])
  expect(asked).toEqual([null, ['a', 'ü'].map(pathBytes), null])
})

test('sync exits 4 and names what is held', async () => {
  const held = [{ path: pathBytes('ü.pem'), reason: 'a private key: ack it' }]
  const { place } = await syncsWith({ ok: false, held, problem: null })
  const { code, err } = await place.run(['sync'])
  expect([code, err]).toEqual([4, 'held: 1 path\n  ü.pem  a private key: ack it\n'])
  const json = await place.run(['sync', '--json'])
  expect(json.code).toBe(4)
  expectShape('sync', JSON.parse(json.out))
  expect(JSON.parse(json.out)).toEqual({
    ok: false,
    held: [{ path: 'ü.pem', reason: 'a private key: ack it' }],
    problem: null,
    remedy: null,
  })
})

test('sync exits 1 when it is not on the remote, held or not', async () => {
  const held = [{ path: pathBytes('a'), reason: 'r' }]
  const { place } = await syncsWith({ ok: false, held, problem: 'the remote cannot be reached' })
  const { code, err } = await place.run(['sync'])
  expect(code).toBe(1)
  expect(err).toContain('error: not on the remote: the remote cannot be reached\nworkspace-sync status says what')
})

test('what is wrong is one line, and what to do another', async () => {
  const { place } = await syncsWith({ ok: false, held: [], problem: 'paused by mina', remedy: 'workspace-sync resume' })
  const { err } = await place.run(['sync'])
  expect(err).toBe('error: not on the remote: paused by mina\nworkspace-sync resume\n')
  const { out } = await place.run(['sync', '--json'])
  expect(JSON.parse(out)).toMatchObject({ problem: 'paused by mina', remedy: 'workspace-sync resume' })
})

test('release says what it ended', async () => {
  const { place } = await pretendDaemon({ release: () => ({ patterns: ['hb/*.json'], unaffected: [] }) })
  expectShape('release', JSON.parse((await place.run(['release', 'hb/1.json', '--json'])).out))
  expect(await place.run(['release', 'hb/1.json'])).toEqual({ code: 0, out: 'released:\n  hb/*.json\n', err: '' })
})

test('release of what is in no quarantine fails', async () => {
  const { place } = await pretendDaemon({ release: ({ paths }) => ({ patterns: [], unaffected: paths }) })
  const { code, out, err } = await place.run(['release', 'notes.md'])
  expect([code, out, err]).toEqual([1, '', 'warning: nothing slow or in quarantine covers notes.md\n'])
  expect(JSON.parse((await place.run(['release', 'notes.md', '--json'])).out)).toEqual({
    patterns: [],
    unaffected: ['notes.md'],
  })
})

test('without a readable status the daemon that holds the lock is asked, and a silent one is degraded', async () => {
  const { identity } = await sleeper()
  const file = statusFile({ ...identity, state: 'pending' })
  const { place, stateDir } = await pretendDaemon({ status: () => file })
  writeFileSync(join(stateDir, 'daemon.lock'), JSON.stringify(identity))
  writeFileSync(join(stateDir, 'status.json'), 'rubbish')
  const asked = await place.run(['status', '--json'])
  expect(asked.code).toBe(0)
  expect(JSON.parse(asked.out)).toMatchObject({ running: true, pid: identity.pid, workspace: file.workspace })

  rmSync(join(stateDir, 'control.sock'))
  const silent = await place.run(['status', '--json'])
  expect(silent.code).toBe(0)
  expectShape('status', JSON.parse(silent.out))
  const reason = expect.stringContaining('workspace-sync restart')
  expect(JSON.parse(silent.out)).toMatchObject({ running: true, state: 'degraded', inSync: false, reason })

  writeFileSync(join(stateDir, 'daemon.lock'), JSON.stringify({ ...identity, startTick: 1 }))
  expect((await place.run(['status'])).code).toBe(3)
})

test('stop returns when the process is gone', async () => {
  const { child, identity } = await sleeper()
  const { place } = await pretendDaemon({
    stop: () => {
      child.kill()
      return { ...identity, version: '1.2.3' }
    },
  })
  expect(await place.run(['stop'])).toEqual({ code: 0, out: `stopped the daemon (pid ${child.pid})\n`, err: '' })
  expect(processes.identity(identity.pid)).toBeNull()
})

test('stop signals a daemon that does not answer', async () => {
  const { child, identity } = await sleeper()
  const place = cliPlace()
  const stateDir = pretendWorkTree(place.root)
  writeFileSync(join(stateDir, 'daemon.lock'), JSON.stringify(identity))
  expect((await place.run(['stop', '--json'])).out).toBe(`${JSON.stringify({ stopped: true, pid: child.pid })}\n`)
  expect(processes.identity(identity.pid)).toBeNull()
})

test('stop never signals a stranger who got the pid of a dead daemon', async () => {
  const { identity } = await sleeper()
  const place = cliPlace()
  const stateDir = pretendWorkTree(place.root)
  writeFileSync(join(stateDir, 'daemon.lock'), JSON.stringify({ ...identity, startTick: identity.startTick - 1 }))
  expect((await place.run(['stop'])).code).toBe(3)
  expect(processes.identity(identity.pid)).toEqual(identity)
})

test('status shows a living daemon, and none for a dead one or a recycled pid', async () => {
  const { child, identity } = await sleeper()
  const place = cliPlace()
  const stateDir = pretendWorkTree(place.root)
  const write = (changed: object): void => {
    const file = { ...statusFile({ writtenAtMs: Date.now(), ...identity }), ...changed }
    writeFileSync(join(stateDir, 'status.json'), JSON.stringify(file))
  }
  write({})
  const living = await place.run(['status', '--json'])
  expect(living.code).toBe(0)
  expect(JSON.parse(living.out)).toMatchObject({ running: true, pid: identity.pid, state: 'idle' })
  expect((await place.run(['status'])).out).toMatch(/^running: {5}true, pid \d+/)
  const forced = { env: { FORCE_COLOR: '1' } }
  expect((await place.run(['status'], forced)).out).toContain('\u001b[32m')
  expect((await place.run(['status', '--no-color'], forced)).out).not.toContain('\u001b')
  write({ startTick: identity.startTick - 1 })
  expect(await place.run(['status'])).toMatchObject({
    code: 3,
    out: expect.stringMatching(/^running: false\n/),
    err: '',
  })
  write({})
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect((await place.run(['status'])).code).toBe(3)
})

test('a status file that is none counts as no daemon', async () => {
  const place = cliPlace()
  const stateDir = pretendWorkTree(place.root)
  for (const text of ['', '{', 'null', '[]', '{"pid":1}']) {
    writeFileSync(join(stateDir, 'status.json'), text)
    expect((await place.run(['status'])).code).toBe(3)
  }
})
