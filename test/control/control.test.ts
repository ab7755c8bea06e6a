import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, createControlServer } from '../../src/control/control.ts'
import type { ControlHandlers, ControlInput, ControlServer } from '../../src/control/control.ts'
import { SyncError } from '../../src/errors.ts'
import type { StatusFile } from '../../src/report/report.ts'
import { pathBytes, type PathBytes } from '../../src/types.ts'

let stateDir: string
let servers: ControlServer[]
let errors: unknown[]

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'workspace-sync-control-'))
  servers = []
  errors = []
})

afterEach(async () => {
  for (const server of servers) await server.close()
  rmSync(stateDir, { recursive: true })
})

const identity = { pid: 7, startTick: 11, version: '0.0.0' }

const handlers: ControlHandlers = {
  ping: () => identity,
  status: () => ({ writtenAtMs: 1 }) as StatusFile,
  stop: () => identity,
  sync: () => ({ ok: true, held: [], problem: null }),
  ack: () => ({}),
  release: ({ paths }) => ({ patterns: ['logs/*.json'], unaffected: paths.slice(1) }),
  pause: () => ({ untilMs: null, settled: true }),
  resume: () => ({ wasPaused: true }),
  undo: () => ({ kind: 'refused', isUsage: false, problem: 'p', hint: 'h' }),
  resolve: () => ({ kind: 'refused', isUsage: false, problem: 'p', hint: 'h' }),
  declare: () => ({ tag: 'w:0' }),
  written: () => ({ own: 0, unknown: 0 }),
  writers: () => [],
  consent: () => ({}),
}

async function serve(changed: Partial<ControlHandlers> = {}, more: Partial<ControlInput> = {}): Promise<ControlServer> {
  const server = await createControlServer({
    stateDir,
    runtimeDir: null,
    temporaryDir: join(stateDir, 't'),
    userId: process.getuid?.() ?? 0,
    handlers: { ...handlers, ...changed },
    debug: () => () => {},
    onError: (error) => errors.push(error),
    ...more,
  })
  servers.push(server)
  return server
}

function post(path: string, body: string, method = 'POST'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: join(stateDir, 'control.sock'), path, method, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    call.on('error', reject)
    call.end(body)
  })
}

function nameOf(body: string): unknown {
  return (JSON.parse(body) as { error: { name: string } }).error.name
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  const resolvers: ((value: T) => void)[] = []
  const promise = new Promise<T>((resolve) => resolvers.push(resolve))
  return { promise, resolve: (value) => resolvers.forEach((one) => one(value)) }
}

/** A socket file whose owner is dead: bound, moved away from the owner, who then cannot remove it. */
async function leaveStaleSocket(path: string): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(`${path}.bound`, resolve))
  const { renameSync } = await import('node:fs')
  renameSync(`${path}.bound`, path)
  await new Promise((resolve) => server.close(resolve))
}

test('every verb is answered', async () => {
  await serve()
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
  expect(await ask(stateDir, 'stop', {})).toEqual(identity)
  expect(await ask(stateDir, 'consent', {})).toEqual({})
  expect(await ask(stateDir, 'status', {})).toEqual({ writtenAtMs: 1 })
  expect(await ask(stateDir, 'sync', { paths: null })).toEqual({ ok: true, held: [], problem: null })
  const paths = [pathBytes('a'), pathBytes('ü')]
  expect(await ask(stateDir, 'release', { paths })).toEqual({ patterns: ['logs/*.json'], unaffected: paths.slice(1) })
})

test('paths arrive as they were sent', async () => {
  const seen: (readonly PathBytes[] | null)[] = []
  await serve({
    sync: ({ paths }) => {
      seen.push(paths)
      return { ok: true, held: [], problem: null }
    },
  })
  await ask(stateDir, 'sync', { paths: [pathBytes('ä\n☃')] })
  expect(seen).toEqual([[pathBytes('ä\n☃')]])
})

test('without a daemon there is none', async () => {
  expect(await ask(stateDir, 'ping', {})).toBe('no-daemon')
  expect(await ask(join(stateDir, 'nowhere'), 'ping', {})).toBe('no-daemon')
  await leaveStaleSocket(join(stateDir, 'control.sock'))
  expect(await ask(stateDir, 'ping', {})).toBe('no-daemon')
})

test("a dead daemon's socket is replaced", async () => {
  await leaveStaleSocket(join(stateDir, 'control.sock'))
  expect(existsSync(join(stateDir, 'control.sock'))).toBe(true)
  await serve()
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
})

test("a living daemon's socket is left alone", async () => {
  await serve()
  await expect(serve()).rejects.toMatchObject({ name: 'SyncError', kind: 'lock' })
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
})

test('nobody else may talk to it, and it is gone afterwards', async () => {
  const server = await serve()
  expect(statSync(server.path).mode & 0o777).toBe(0o600)
  await server.close()
  servers = []
  expect(existsSync(server.path)).toBe(false)
})

test('a state directory with a long name has its socket elsewhere, found all the same', async () => {
  const short = stateDir
  const temporaryDir = mkdtempSync('/tmp/ws-')
  stateDir = join(stateDir, 'x'.repeat(120))
  mkdirSync(stateDir)
  const server = await serve({}, { temporaryDir })
  expect(server.path.startsWith(temporaryDir)).toBe(true)
  expect(statSync(join(server.path, '..')).mode & 0o777).toBe(0o700)
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
  await server.close()
  servers = []
  expect(lstatSync(join(stateDir, 'control.sock'), { throwIfNoEntry: false })).toBeUndefined()
  expect(await ask(stateDir, 'ping', {})).toBe('no-daemon')
  rmSync(temporaryDir, { recursive: true })
  stateDir = short
})

test('a link to a socket elsewhere that was copied along with its folder leads to nobody', async () => {
  const short = stateDir
  const temporaryDir = mkdtempSync('/tmp/ws-')
  stateDir = join(stateDir, 'x'.repeat(120))
  const copy = join(short, 'copy')
  mkdirSync(stateDir)
  mkdirSync(copy)
  const server = await serve({}, { temporaryDir })
  symlinkSync(server.path, join(copy, 'control.sock'))
  expect(await ask(copy, 'ping', {})).toBe('no-daemon')
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
  rmSync(stateDir, { recursive: true })
  mkdirSync(stateDir)
  await server.tend()
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
  await server.close()
  servers = []
  rmSync(temporaryDir, { recursive: true })
  stateDir = short
})

test('a directory that others may write is not trusted with the socket', async () => {
  const short = stateDir
  const temporaryDir = mkdtempSync('/tmp/ws-')
  const theirs = join(temporaryDir, `workspace-sync-${process.getuid?.() ?? 0}`)
  mkdirSync(theirs)
  chmodSync(theirs, 0o777)
  stateDir = join(stateDir, 'x'.repeat(120))
  mkdirSync(stateDir)
  await expect(serve({}, { temporaryDir })).rejects.toThrow('is not a private directory of this user')
  rmSync(temporaryDir, { recursive: true })
  stateDir = short
})

test('an unknown verb, a wrong method, a wrong body and one too long each get a named refusal', async () => {
  await serve()
  const answers = [
    await post('/v1/dance', '{}'),
    await post('/v1/ping', '{}', 'GET'),
    await post('/v1/ping', 'no json'),
    await post('/v1/sync', JSON.stringify({ paths: ['x'.repeat(3_000_000)] })),
  ]
  expect(answers.map(({ status, body }) => [status, nameOf(body)])).toEqual([
    [404, 'unknown-verb'],
    [404, 'unknown-verb'],
    [400, 'bad-request'],
    [413, 'too-long'],
  ])
  expect(errors).toEqual([])
})

test('a failure inside the daemon is told to the asker and to the log', async () => {
  await serve({
    sync: () => {
      throw new Error('our bug')
    },
    release: () => {
      throw new SyncError('usage', 'nothing like that', 'try another')
    },
  })
  await expect(ask(stateDir, 'sync', { paths: null })).rejects.toThrow('"sync" failed inside the daemon')
  await expect(ask(stateDir, 'release', { paths: [pathBytes('a')] })).rejects.toMatchObject({
    message: 'nothing like that',
    hint: 'try another',
  })
  expect(errors).toEqual([new Error('our bug')])
})

test('an answer that does not come in time is an error with what to do', async () => {
  const answer = deferred<typeof identity>()
  await serve({ ping: () => answer.promise })
  await expect(ask(stateDir, 'ping', {}, 30)).rejects.toThrow('the daemon did not answer within')
  answer.resolve(identity)
})

test('closing lets an answer under way go out', async () => {
  const asked = deferred<null>()
  const answer = deferred<{ ok: boolean; held: []; problem: null }>()
  const server = await serve({
    sync: () => {
      asked.resolve(null)
      return answer.promise
    },
  })
  const heard = ask(stateDir, 'sync', { paths: null })
  await asked.promise
  const closed = server.close()
  servers = []
  answer.resolve({ ok: true, held: [], problem: null })
  expect(await heard).toEqual({ ok: true, held: [], problem: null })
  await closed
})

test('a daemon that ends in the middle is an error, not silence', async () => {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(join(stateDir, 'control.sock'), resolve))
  await expect(ask(stateDir, 'ping', {})).rejects.toThrow('did not answer "ping": it has ended meanwhile')
  await new Promise((resolve) => server.close(resolve))
})

test('an asker who hangs up is nobody’s error', async () => {
  await serve()
  const socket = connect(join(stateDir, 'control.sock'))
  socket.write('POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
  await new Promise((resolve) => socket.write('"', resolve))
  socket.destroy()
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
  expect(errors).toEqual([])
})

test('a file in the place of the socket is replaced', async () => {
  writeFileSync(join(stateDir, 'control.sock'), '')
  await serve()
  expect(await ask(stateDir, 'ping', {})).toEqual(identity)
})
