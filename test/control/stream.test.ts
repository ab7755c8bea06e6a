import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createControlServer, listen } from '../../src/control/control.ts'
import type { ControlHandlers, StreamLine, ToldDecision } from '../../src/control/control.ts'
import { SyncError } from '../../src/errors.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import { until } from '../support/until.ts'

const decision: ToldDecision = {
  atMs: 1,
  path: pathBytes('a'),
  verdict: 'sync',
  provisional: true,
  layer: 'default',
  reason: 'r'.repeat(200),
  class: 'code',
  rule: { action: 'ALLOW', glob: 'a', source: 's', line: 1 },
  writer: { kind: 'agent', name: null, tier: 'T1' },
  tookMs: 0.5,
}

interface Telling {
  readonly stateDir: string
  /** Those who listen now. */
  readonly tellers: Set<(decision: ToldDecision) => void>
  close(): Promise<void>
}

async function telling(): Promise<Telling> {
  const stateDir = mkdtempSync(join(tmpdir(), 'workspace-sync-stream-'))
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }))
  const tellers = new Set<(decision: ToldDecision) => void>()
  const server = await createControlServer({
    stateDir,
    runtimeDir: null,
    temporaryDir: stateDir,
    userId: process.getuid?.() ?? 0,
    handlers: {} as ControlHandlers,
    debug({ globs }, tell) {
      if (globs.includes('bad')) throw new SyncError('usage', 'bad glob', 'write a good one')
      tellers.add(tell)
      return () => void tellers.delete(tell)
    },
    onError: (error) => expect.unreachable(String(error)),
  })
  return { stateDir, tellers, close: () => server.close() }
}

test('what is told arrives whole, bytes of names and all, and the end is said', async () => {
  const { stateDir, tellers, close } = await telling()
  const odd = { ...decision, path: pathOfLatin1('caf\xe9\n') }
  const heard: StreamLine[] = []
  const ended = listen(stateDir, { globs: [] }, new AbortController().signal, (line) => void heard.push(line))
  await until('it listens', () => tellers.size === 1)
  for (const tell of tellers) tell(odd)
  await until('it hears', () => heard.length === 1)
  await close()
  expect(await ended).toBe('ended')
  expect(heard).toEqual([{ item: odd }, { end: 'stops' }])
})

test('who stops listening is forgotten', async () => {
  const { stateDir, tellers, close } = await telling()
  onTestFinished(close)
  const stop = new AbortController()
  const ended = listen(stateDir, { globs: [] }, stop.signal, () => {})
  await until('it listens', () => tellers.size === 1)
  stop.abort()
  expect(await ended).toBe('ended')
  await until('it is forgotten', () => tellers.size === 0)
})

test('who does not read loses lines and is told how many; the teller never waits', async () => {
  const { stateDir, tellers, close } = await telling()
  onTestFinished(close)
  const socket = connect(join(stateDir, 'control.sock'))
  const body = JSON.stringify({ globs: [] })
  socket.write(`POST /v1/debug HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  await until('it listens', () => tellers.size === 1)
  const total = 20_000
  for (let i = 0; i < total; i++) for (const tell of tellers) tell(decision)
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => void (text += part))
  await until('it is told of the loss', () => text.includes('"lost"'), 10_000)
  for (const tell of tellers) tell(decision)
  const countOf = (): number => {
    const lost = [...text.matchAll(/"lost":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
    return lost + (text.match(/"item"/g) ?? []).length
  }
  await until('every line is accounted for', () => countOf() === total + 1, 10_000)
  expect((text.match(/"item"/g) ?? []).length).toBeLessThan(total)
  socket.destroy()
})

test('a refusal is an error with its remedy, and so are too many listeners', async () => {
  const { stateDir, tellers, close } = await telling()
  const never = new AbortController().signal
  await expect(listen(stateDir, { globs: ['bad'] }, never, () => {})).rejects.toThrow('bad glob')
  const all = Array.from({ length: 16 }, () => listen(stateDir, { globs: [] }, never, () => {}))
  await until('all listen', () => tellers.size === 16)
  await expect(listen(stateDir, { globs: [] }, never, () => {})).rejects.toThrow('too many programs listen already')
  await close()
  expect(await Promise.all(all)).toEqual(Array.from({ length: 16 }, () => 'ended'))
})

test('without a daemon it is said, and a daemon that dies without a word too', async () => {
  const { stateDir, tellers, close } = await telling()
  const never = new AbortController().signal
  const socket = connect(join(stateDir, 'control.sock'))
  await once(socket, 'connect')
  socket.destroy()
  await close()
  expect(tellers.size).toBe(0)
  expect(await listen(stateDir, { globs: [] }, never, () => {})).toBe('no-daemon')
})
