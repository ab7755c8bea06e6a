import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { GitEngine, OpenOptions } from '../../src/git/git.ts'
import type { Failure, PushOutcome } from '../../src/types.ts'
import { pushCommit, verifyRemote } from '../../src/push/push.ts'
import type { Finishing } from '../support/child.ts'
import { asks, httpRemote, selfSigned, type Fault, type HttpRemote } from '../support/http-remote.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { until } from '../support/until.ts'
import { addRemote, gitEnvironment, makeRepo, type TempRepo } from '../support/temp-repo.ts'

// Seconds on an idle machine; all at once on a busy one they take longer.
vi.setConfig({ testTimeout: 60_000 })

const main = 'refs/heads/main'
const quick = { listMs: 600, transferMs: 600 }

interface Place {
  readonly repo: TempRepo
  readonly remote: TempRepo
  readonly server: HttpRemote
  readonly oid: string
  /** With time for everything. */
  push(): Promise<PushOutcome>
  verify(): Promise<Failure | null>
  open(deadlines: OpenOptions['deadlines']): Promise<GitEngine>
}

/** One commit that the remote lacks. */
async function place(context: Finishing, options: { readonly tls?: true } = {}): Promise<Place> {
  const repo = makeRepo({ f: '0\n' })
  context.onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const server = await httpRemote(context, remote, options.tls === true ? selfSigned(dirname(repo.root)) : null)
  repo.git('remote', 'set-url', 'origin', server.address())
  const open = async (deadlines: OpenOptions['deadlines'] = {}): Promise<GitEngine> => {
    const engine = await openEngine(repo, { deadlines, environment: { ...gitEnvironment, HOME: dirname(repo.root) } })
    context.onTestFinished(() => engine.close())
    return engine
  }
  const engine = await open()
  repo.write('f', '1\n')
  const outcome = await commitPaths(engine, ['f'])
  const oid = outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
  return {
    repo,
    remote,
    server,
    oid,
    open,
    push: () => pushCommit(engine, main, oid, true),
    async verify() {
      const seen = await verifyRemote(engine, main, oid)
      return seen.kind === 'failed' ? seen.failure : null
    },
  }
}

const failed = (name: string) => expect.objectContaining({ kind: 'failed', failure: expect.objectContaining({ name }) })
const status = (code: number): Fault => ({ kind: 'status', code, headers: { 'retry-after': '1' } })

/** The same whether a look meets it, or a push that was let in and is half-way. */
const table: readonly (readonly [string, Fault, string])[] = [
  ['403', status(403), 'authentication'],
  ['429', status(429), 'rate-limit'],
  ['503', status(503), 'unreachable'],
  ['a reset', { kind: 'reset' }, 'unreachable'],
  ['hanging up in the middle', { kind: 'hangs-up', afterBytes: 9 }, 'unreachable'],
  ['silence', { kind: 'silent' }, 'timeout'],
  ['silence in the middle', { kind: 'stalls', afterBytes: 9 }, 'timeout'],
]

test.concurrent.for(table)('%s has its name, and the next push is whole', async ([, fault, name], context) => {
  const here = await place(context)
  const engine = await here.open(name === 'timeout' ? quick : {})
  here.server.fail(fault)
  expect(await verifyRemote(engine, main, here.oid)).toEqual(failed(name))
  here.server.fail(fault, asks.pack)
  expect(await pushCommit(engine, main, here.oid, true)).toEqual(failed(name))
  here.server.fail(null)
  // Whoever was cut off may still be at work there: the branch would move under the next push, which is tried again then.
  await here.server.idle()
  expect(await here.push()).toEqual({ kind: 'pushed', oid: here.oid })
  expect(here.remote.git('rev-parse', main)).toBe(here.oid)
  for (const { git } of [here.repo, here.remote]) git('fsck', '--strict')
})

test.concurrent('a slow server and one that moved are no failures', async (context) => {
  const here = await place(context)
  here.server.fail({ kind: 'slow', delayMs: 300 })
  expect(await here.push()).toEqual({ kind: 'pushed', oid: here.oid })
  here.server.fail(null)
  const moved = await httpRemote(context, here.remote)
  const location = `${moved.address()}/info/refs?service=git-upload-pack`
  here.server.fail({ kind: 'status', code: 301, headers: { location } })
  expect(await here.verify()).toBeNull()
  expect(moved.asked.length).toBeGreaterThan(0)
})

test.concurrent('a password that is wrong, missing, or asked for by a helper that may not ask', async (context) => {
  const here = await place(context)
  here.server.account = { user: 'ada', password: 'right' }
  expect(await here.push()).toEqual(failed('prompt-needed'))
  here.repo.git('config', 'credential.helper', '!f() { echo quit=1; }; f')
  expect(await here.push()).toEqual(failed('prompt-needed'))
  here.repo.git('config', 'credential.helper', '!f() { echo username=ada; echo password=wrong; }; f')
  expect(await here.push()).toEqual(failed('authentication'))
  here.repo.git('config', 'credential.helper', '!f() { echo username=ada; echo password=right; }; f')
  expect(await here.push()).toEqual({ kind: 'pushed', oid: here.oid })
})

test.concurrent('a certificate that nobody vouches for is a matter for a person, with what to do', async (context) => {
  const here = await place(context, { tls: true })
  const outcome = await here.push()
  expect(outcome).toEqual(failed('host-key'))
  expect(outcome.kind === 'failed' && outcome.failure.hint).toContain('http.sslCAInfo')
  here.repo.git('config', 'http.sslCAInfo', join(dirname(here.repo.root), 'server.crt'))
  expect(await here.push()).toEqual({ kind: 'pushed', oid: here.oid })
})

test.concurrent(
  'a server that falls silent is left long before a large transfer would have to end',
  async (context) => {
    const here = await place(context)
    const engine = await here.open({ silenceMs: 1_000 })
    here.server.fail({ kind: 'stalls', afterBytes: 9 }, asks.push)
    const outcome = await pushCommit(engine, main, here.oid, true)
    expect(outcome).toEqual(failed('timeout'))
    expect(outcome.kind === 'failed' && outcome.failure.detail).toContain('too slow')
  },
)

test.concurrent('a daemon in a hurry does not wait for a server that is silent', async (context) => {
  const here = await place(context)
  const engine = await here.open({ hurryMs: 50 })
  here.server.fail({ kind: 'silent' })
  const pushing = pushCommit(engine, main, here.oid, true)
  await until('it is asked', () => here.server.asked.length > 0)
  engine.hurry()
  expect(await pushing).toEqual(failed('timeout'))
})
