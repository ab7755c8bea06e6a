/** A network or a proxy that shows a page in place of every answer, until somebody signs in. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { pushCommit, verifyRemote } from '../../src/push/push.ts'
import { httpRemote } from '../support/http-remote.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { makeMachines, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const main = 'refs/heads/main'
const page = (body: string) => ({ kind: 'status', code: 200, headers: { 'content-type': 'text/html' }, body }) as const

test.each([
  ['one line', '<html>please log in</html>'],
  ['several lines', '<html>\nplease log in\n</html>\n'],
  ['nothing at all', ''],
])('a page of %s is no git server, and takes no branch away', async (_, body) => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const server = await httpRemote({ onTestFinished }, remote)
  here.git('remote', 'set-url', 'origin', server.address('bot:s3cr3t'))
  const engine = await openEngine(here)
  onTestFinished(() => engine.close())
  here.write('a.md', 'b\n')
  const outcome = await commitPaths(engine, ['a.md'])
  const oid = outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
  server.fail(page(body))
  const seen = await verifyRemote(engine, main, oid)
  expect(seen).toMatchObject({ kind: 'failed', failure: { name: 'no-such-remote', heals: 'unreachable' } })
  const pushed = await pushCommit(engine, main, oid, true)
  expect(pushed).toMatchObject({ kind: 'failed', failure: { name: 'no-such-remote', heals: 'unreachable' } })
  expect(JSON.stringify([seen, pushed])).not.toContain('s3cr3t')
  server.fail(null)
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
})

test.each([['0'], ['1'], ['2']])(
  'a branch that a server of protocol %s does not have is gone, or not there yet',
  async (version) => {
    const { here, remote } = makeMachines({ 'a.md': 'a\n' })
    const server = await httpRemote({ onTestFinished }, remote)
    here.git('remote', 'set-url', 'origin', server.address())
    here.git('config', 'protocol.version', version)
    const engine = await openEngine(here)
    onTestFinished(() => engine.close())
    expect(await engine.remoteTip('origin', 'refs/heads/other')).toEqual({ tip: null })
    remote.git('update-ref', '-d', main)
    expect(await engine.remoteTip('origin', main)).toEqual({ tip: null })
  },
)

test('nobody is told that the branch was deleted there, and it goes on when somebody has signed in', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const server = await httpRemote({ onTestFinished }, remote)
  here.git('remote', 'set-url', 'origin', server.address())
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  server.fail(page('<html>please log in</html>'))
  here.write('a.md', 'c\n')
  expect((await daemon.sync(null)).problem).toContain('no git server')
  server.fail(null)
  await until('it is there', async () => (await daemon.sync(null)).problem === null)
  expect(told.join('\n')).not.toContain('deleted')
  expect(remote.show('main:a.md')).toBe('c\n')
})
