import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { OpenOptions } from '../../src/git/git.ts'
import type { StatusFile } from '../../src/report/report.ts'
import { branchView } from '../support/branch-view.ts'
import type { Finishing } from '../support/child.ts'
import { startHere } from '../support/daemon-here.ts'
import { asks, httpRemote, type HttpRemote } from '../support/http-remote.ts'
import { ifThere } from '../support/if-there.ts'
import { addRemote, gitEnvironment, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

// Seconds on an idle machine; all at once on a busy one they take longer.
vi.setConfig({ testTimeout: 60_000 })

/** For a condition that holds within seconds, on a machine that does a lot beside. */
const patienceMs = 30_000

interface Place {
  readonly repo: TempRepo
  readonly remote: TempRepo
  readonly server: HttpRemote
  readonly told: readonly string[]
  /** Where git's `store` helper keeps passwords. */
  keep(password: string): void
  /** Saves a file and waits for its commit. */
  save(path: string, text: string): Promise<void>
  arrives(path: string, text: string): Promise<void>
  /** The beginning of what stands in the way. */
  standsInTheWay(reason: string): Promise<void>
  stop(): Promise<void>
}

async function place(
  context: Finishing,
  options: { readonly account?: true; readonly userinfo?: string; readonly deadlines?: OpenOptions['deadlines'] } = {},
): Promise<Place> {
  const repo = makeRepo({ 'first.md': 'first\n' })
  context.onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const server = await httpRemote(context, remote)
  if (options.account === true) server.account = { user: 'ada', password: 's3cret' }
  repo.git('remote', 'set-url', 'origin', server.address(options.userinfo))
  repo.git('config', 'credential.helper', 'store')
  const home = dirname(repo.root)
  const environment = { ...gitEnvironment, HOME: home }
  const git = { environment, ...(options.deadlines === undefined ? {} : { deadlines: options.deadlines }) }
  const sets = ['retry.delays=["200ms"]', 'pull.interval=1s']
  const stored = join(home, '.git-credentials')
  const keep = (password: string): void =>
    writeFileSync(stored, `${server.address(`ada:${password}`).replace(/\/[^/]*$/, '')}\n`)
  if (options.account === true && options.userinfo === undefined) keep('s3cret')
  const { told, stop } = await startHere(repo, { git, sets })
  context.onTestFinished(stop)
  const statusPath = join(repo.root, '.git/workspace-sync/status.json')
  const status = (): StatusFile => JSON.parse(readFileSync(statusPath, 'utf8')) as StatusFile
  const [made, arrived] = [branchView(repo, join(repo.root, '.git')), branchView(remote, remote.root)]
  return {
    repo,
    remote,
    server,
    told,
    stop,
    keep,
    async save(path, text) {
      repo.write(path, text)
      await until(`${path} is committed`, () => made.content(path) === text, patienceMs)
    },
    arrives: (path, text) => until(`${path} is on the remote`, () => arrived.content(path) === text, patienceMs),
    standsInTheWay: (reason) => until(reason, () => status().reason?.startsWith(reason) === true, patienceMs),
  }
}

/** Every commit is there once, in the order in which it was made, and both repositories are whole. */
function expectWhole({ repo, remote }: Place): void {
  for (const { git } of [repo, remote]) git('fsck', '--strict')
  expect(remote.git('log', '--format=%H', 'main')).toBe(repo.git('log', '--format=%H', 'main'))
  const ids = repo.git('log', '--format=%(trailers:key=Workspace-Sync-Id,valueonly,separator=)').split('\n')
  const given = ids.filter((id) => id !== '')
  expect(new Set(given).size).toBe(given.length)
}

function expectUntold({ repo, told }: Place, secret: string): void {
  expect(told.join('\n')).not.toContain(secret)
  const directory = join(repo.root, '.git/workspace-sync')
  for (const name of readdirSync(directory)) {
    const file = join(directory, name)
    const text = ifThere(() => (statSync(file).isFile() ? readFileSync(file, 'latin1') : ''))
    expect(text ?? '', name).not.toContain(secret)
  }
}

/** By the remedies of a password that is refused and of one that is missing. */
const isAboutPassword = /git ls-remote|credential\.helper store/
const count = (told: readonly string[], text: string | RegExp): number => told.filter((line) => line.match(text)).length

test.concurrent('a stored password lets edits through and is told to nobody', async (context) => {
  const here = await place(context, { account: true })
  here.repo.write('one.md', 'one\n')
  await here.arrives('one.md', 'one\n')
  expectUntold(here, 's3cret')
  expectWhole(here)
})

test.concurrent(
  'a password in the address lets edits through and is told to nobody, also when it fails',
  async (context) => {
    const here = await place(context, { account: true, userinfo: 'ada:s3cret' })
    here.repo.write('one.md', 'one\n')
    await here.arrives('one.md', 'one\n')
    here.server.fail({ kind: 'status', code: 403 })
    await here.save('two.md', 'two\n')
    await here.standsInTheWay('authentication')
    expectUntold(here, 's3cret')
  },
)

test.concurrent(
  'a wrong password: commits go on, it is told once, and a right one is noticed by itself',
  async (context) => {
    const here = await place(context, { account: true })
    here.server.account = { user: 'ada', password: 'changed' }
    await here.save('one.md', 'one\n')
    await here.standsInTheWay('authentication')
    // The helper has forgotten it by now; several commits later nobody has asked again and again.
    const asked = here.server.asked.length
    await here.save('two.md', 'two\n')
    await here.save('three.md', 'three\n')
    expect(here.server.asked.length - asked).toBeLessThanOrEqual(4)
    expect(here.told.filter((line) => isAboutPassword.test(line))).toHaveLength(1)
    here.keep('changed')
    await here.arrives('three.md', 'three\n')
    expect(here.told.filter((line) => isAboutPassword.test(line))).toHaveLength(1)
    expectWhole(here)
  },
)

test.concurrent('a password that nobody stored is a named pause, and a push by hand ends it', async (context) => {
  const here = await place(context)
  here.server.account = { user: 'ada', password: 's3cret' }
  await here.save('one.md', 'one\n')
  await here.standsInTheWay('prompt-needed')
  // As `git push` by hand leaves it: the remote has it, the tracking branch has moved, nothing is stored.
  here.repo.git('push', '-q', here.remote.root, 'main')
  here.server.account = null
  here.repo.git('update-ref', 'refs/remotes/origin/main', 'main')
  await here.save('two.md', 'two\n')
  await here.arrives('two.md', 'two\n')
  expectWhole(here)
})

test.concurrent('429 is a rate limit that is waited out', async (context) => {
  const here = await place(context)
  here.server.fail({ kind: 'status', code: 429, headers: { 'retry-after': '1' } }, asks.push)
  await here.save('one.md', 'one\n')
  await here.standsInTheWay('rate-limit')
  await here.save('two.md', 'two\n')
  here.server.fail(null)
  await here.arrives('two.md', 'two\n')
  expect(count(here.told, 'error: 429')).toBe(1)
  expectWhole(here)
})

test.concurrent('an answer that is lost after the remote took the push makes no second commit', async (context) => {
  const here = await place(context)
  here.server.fail({ kind: 'hangs-up', afterBytes: 0 }, asks.pack)
  await here.save('one.md', 'one\n')
  await here.arrives('one.md', 'one\n')
  await here.standsInTheWay('unreachable')
  here.server.fail(null)
  await here.save('two.md', 'two\n')
  await here.arrives('two.md', 'two\n')
  expectWhole(here)
})

test.concurrent(
  'a server that stops answering is left at the deadline, and commits go on meanwhile',
  async (context) => {
    const here = await place(context, { deadlines: { transferMs: 3_000, listMs: 3_000 } })
    here.server.fail({ kind: 'stalls', afterBytes: 5 }, asks.push)
    await here.save('one.md', 'one\n')
    await here.save('two.md', 'two\n')
    await here.standsInTheWay('timeout')
    here.server.fail(null)
    await here.arrives('two.md', 'two\n')
    expectWhole(here)
  },
)

test.concurrent(
  'a stop does not wait for a silent server, and the next start pushes what was left',
  async (context) => {
    const here = await place(context, { deadlines: { hurryMs: 100 } })
    here.server.fail({ kind: 'silent' }, asks.push)
    await here.save('one.md', 'one\n')
    await until('it is asked', () => here.server.asked.some(({ address }) => asks.push.test(address)), patienceMs)
    await here.stop()
    here.server.fail(null)
    const again = await startHere(here.repo)
    context.onTestFinished(again.stop)
    await here.arrives('one.md', 'one\n')
    expectWhole(here)
  },
)

test.concurrent('a hook of the server that refuses is told in its own words, once', async (context) => {
  const here = await place(context)
  const hook = join(here.remote.root, 'hooks', 'pre-receive')
  writeFileSync(hook, '#!/bin/sh\necho "no commits on Fridays" >&2\nexit 1\n')
  chmodSync(hook, 0o755)
  await here.save('one.md', 'one\n')
  await here.standsInTheWay('hook-refused')
  await here.save('two.md', 'two\n')
  expect(count(here.told, 'no commits on Fridays')).toBe(1)
  expect(here.remote.git('log', '--format=%s', 'main')).toBe('first')
})
