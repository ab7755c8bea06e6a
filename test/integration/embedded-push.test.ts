import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createDocuments } from '../../src/classify/documents.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import type { GitEngine, OpenOptions } from '../../src/git/git.ts'
import { prepareIntegration } from '../../src/integrate/integrate.ts'
import { pushCommit, verifyRemote } from '../../src/push/push.ts'
import { pathBytes } from '../../src/types.ts'
import type { Finishing } from '../support/child.ts'
import { asks, httpRemote, type HttpRemote } from '../support/http-remote.ts'
import { commitPaths, memoryJournal, openEngine } from '../support/open-engine.ts'
import { addRemote, gitEnvironment, makeRepo, openRepoAt, type TempRepo } from '../support/temp-repo.ts'

// Each transfer starts a thread, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const main = 'refs/heads/main'
const documents = createDocuments(createVolatileKeys([]), parsers)

interface Place {
  readonly repo: TempRepo
  readonly remote: TempRepo
  readonly server: HttpRemote
  readonly engine: GitEngine
  /** Commits new text in `f`. */
  commit(text: string): Promise<string>
  /** Somebody else's commit, on the remote only. */
  elsewhere(path: string): string
}

async function place(context: Finishing, options: Partial<OpenOptions> = {}): Promise<Place> {
  const repo = makeRepo({ f: '0\n' })
  const remote = addRemote(repo)
  const server = await httpRemote(context, remote)
  repo.git('remote', 'set-url', 'origin', server.address())
  const engine = await openEngine(repo, { engine: 'embedded', ...options })
  context.onTestFinished(async () => {
    await engine.close()
    repo.dispose()
  })
  return {
    repo,
    remote,
    server,
    engine,
    commit: async (text) => {
      repo.write('f', text)
      const outcome = await commitPaths(engine, ['f'])
      return outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
    },
    elsewhere: (path) => {
      const other = openRepoAt(join(repo.root, '..', 'other'))
      openRepoAt(join(repo.root, '..')).git('clone', '-q', remote.root, 'other')
      other.write(path, 'theirs\n')
      other.git('add', path)
      other.git('commit', '-q', '-m', 'theirs')
      other.git('push', '-q')
      return other.git('rev-parse', 'HEAD')
    },
  }
}

test.concurrent('the commit that was made is pushed, and the tracking ref follows', async (context) => {
  const { engine, commit, remote, repo } = await place(context)
  const oid = await commit('1\n')
  repo.git('commit', '-q', '--allow-empty', '-m', 'later')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
  expect(remote.git('rev-parse', main)).toBe(oid)
  expect(repo.git('rev-parse', 'refs/remotes/origin/main')).toBe(oid)
  expect(await verifyRemote(engine, main, oid)).toEqual({ kind: 'view', ahead: 0, behind: 0, tip: oid })
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
  expect(remote.git('fsck', '--strict')).toBe('')
  expect(await engine.history.unpushed(main)).toEqual(new Set([repo.git('rev-parse', 'HEAD')]))
})

test.concurrent(
  'what follows the remote here is moved, wherever it lies, and the branches here are not',
  async (context) => {
    const { engine, commit, repo } = await place(context)
    repo.git('config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/up/*')
    repo.git('config', '--add', 'remote.origin.fetch', '+refs/heads/main:refs/heads/theirs')
    const before = repo.git('rev-parse', 'refs/remotes/origin/main')
    const oid = await commit('1\n')
    expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
    expect(repo.git('rev-parse', 'refs/remotes/up/main')).toBe(oid)
    expect(repo.git('rev-parse', 'refs/remotes/origin/main')).toBe(before)
    expect(repo.git('for-each-ref', 'refs/heads/theirs')).toBe('')
    expect(await engine.history.unpushed(main)).toEqual(new Set())
  },
)

test.concurrent('the remote has commits that we lack: behind, fetched whole, nothing is forced', async (context) => {
  const { engine, commit, elsewhere, remote, repo } = await place(context)
  const theirs = elsewhere('g')
  const oid = await commit('1\n')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'behind' })
  expect(await verifyRemote(engine, main, oid)).toEqual({ kind: 'view', ahead: 1, behind: 1, tip: theirs })
  expect(repo.git('rev-parse', 'refs/remotes/origin/main')).toBe(theirs)
  expect(repo.git('fsck', '--strict')).toBe('')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'behind' })
  expect(remote.git('rev-parse', main)).toBe(theirs)
  const request = { ref: main, head: oid, tip: theirs, had: null, mode: 'merge', message: 'm', documents } as const
  const outcome = await prepareIntegration(engine, request)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'git-missing', heals: 'person' } })
  expect(repo.git('rev-parse', 'HEAD')).toBe(oid)
})

test.concurrent('what the remote has and we do not touch comes in: staged files, and the branch', async (context) => {
  const { engine, elsewhere, repo } = await place(context)
  const head = repo.git('rev-parse', 'HEAD')
  const theirs = elsewhere('dir/g')
  expect(await verifyRemote(engine, main, head)).toEqual({ kind: 'view', ahead: 0, behind: 1, tip: theirs })
  const request = { ref: main, head, tip: theirs, had: null, mode: 'merge', message: 'm', documents } as const
  const ready = await prepareIntegration(engine, request)
  expect(ready).toMatchObject({ kind: 'ready', commit: theirs, changes: [{ path: 'dir/g', before: null }] })
  const staged = await engine.merging.stage(theirs, [pathBytes('dir/g')], false)
  const move = { id: 'x', ref: main, base: head, commit: theirs, paths: [pathBytes('dir/g')], reason: 'integrate' }
  const bring = (): Promise<boolean> => {
    repo.write('dir/g', openRepoAt(staged).gitBytes(['hash-object', 'dir/g']).length > 0 ? 'theirs\n' : '')
    return Promise.resolve(true)
  }
  expect(await engine.merging.advance(move, memoryJournal(), bring)).toEqual({ kind: 'advanced' })
  expect(await engine.settled()).toBeNull()
  expect(repo.git('status', '--porcelain')).toBe('')
  expect(repo.git('reflog', '-1', '--format=%H %gs')).toBe(`${theirs} integrate`)
})

test.concurrent('what would be refused once it is here is not taken from the remote either', async (context) => {
  const { repo, engine, elsewhere } = await place(context)
  const [head, blob] = [repo.git('rev-parse', 'HEAD'), repo.git('rev-parse', 'HEAD:f')]
  elsewhere('dir/g')
  const other = openRepoAt(join(repo.root, '..', 'other'))
  for (const [name, entry] of [
    ['submodule', `160000,${head},sub`],
    ['attributes', `100644,${blob},dir/.gitattributes`],
    ['odd-name', `100644,${blob},back\\slash`],
  ] as const) {
    other.git('reset', '-q', '--hard', 'HEAD')
    other.git('update-index', '--add', '--cacheinfo', entry)
    const theirs = other.git('commit-tree', '-p', 'HEAD', '-m', name, other.git('write-tree'))
    other.git('push', '-q', '--force', 'origin', `${theirs}:${main}`)
    expect(await verifyRemote(engine, main, head)).toMatchObject({ kind: 'view', tip: theirs })
    await expect(engine.merging.stage(theirs, [pathBytes('dir/g')], false)).rejects.toThrow(`(${name})`)
    const move = { id: 'x', ref: main, base: head, commit: theirs, paths: [pathBytes('dir/g')], reason: 'integrate' }
    const brought = (): Promise<boolean> => expect.fail('nothing is brought')
    const outcome = await engine.merging.advance(move, memoryJournal(), brought)
    expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'git-missing' } })
    expect(repo.git('rev-parse', 'HEAD')).toBe(head)
  }
})

test.concurrent(
  'files that were put here before the branch followed, and committed then, go on to what they are of',
  async (context) => {
    const { engine, elsewhere, repo, remote } = await place(context)
    const head = repo.git('rev-parse', 'HEAD')
    const theirs = elsewhere('dir/g')
    // As a crash leaves them: the work tree has followed, and nothing else.
    repo.write('dir/g', 'theirs\n')
    const outcome = await commitPaths(engine, ['dir/g'])
    const oid = outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
    expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'behind' })
    expect(await verifyRemote(engine, main, oid)).toEqual({ kind: 'view', ahead: 1, behind: 1, tip: theirs })
    const request = { ref: main, head: oid, tip: theirs, had: head, message: 'm', documents } as const
    const merged = await prepareIntegration(engine, { ...request, mode: 'merge' })
    const commit = merged.kind === 'ready' ? merged.commit : expect.fail(merged.kind)
    expect(merged).toMatchObject({ changes: [], conflicts: [], ahead: 2 })
    expect(repo.git('log', '-1', '--format=%T %P', commit)).toBe(
      `${remote.git('rev-parse', 'main^{tree}')} ${oid} ${theirs}`,
    )
    const rebased = await prepareIntegration(engine, { ...request, mode: 'rebase' })
    expect(rebased).toMatchObject({ kind: 'ready', commit: theirs, changes: [], ahead: 0, replaced: null })
  },
)

test.concurrent(
  'credentials come from the environment; without, and with wrong ones, it says what to do',
  async (context) => {
    const environment = (password: string | undefined) => ({
      ...gitEnvironment,
      GIT_USERNAME: 'ada',
      ...(password === undefined ? {} : { GIT_PASSWORD: password }),
    })
    for (const [password, expected] of [
      ['s3cret', { kind: 'pushed' }],
      ['wrong', { kind: 'failed', failure: { name: 'authentication', heals: 'person' } }],
      [undefined, { kind: 'failed', failure: { name: 'prompt-needed', heals: 'person' } }],
    ] as const) {
      const { engine, commit, server } = await place(context, { environment: environment(password) })
      server.account = { user: 'ada', password: 's3cret' }
      const outcome = await pushCommit(engine, main, await commit('1\n'), true)
      expect(outcome).toMatchObject(expected)
      expect(JSON.stringify(outcome)).not.toMatch(/s3cret|wrong/)
    }
  },
)

test.concurrent('a hook of the remote that says no is told in its words', async (context) => {
  const { engine, commit, remote } = await place(context)
  const hook = join(remote.root, 'hooks', 'pre-receive')
  writeFileSync(hook, '#!/bin/sh\necho "ticket number missing"; exit 1\n')
  chmodSync(hook, 0o755)
  const outcome = await pushCommit(engine, main, await commit('1\n'), true)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'hook-refused', heals: 'person' } })
  expect(outcome.kind === 'failed' && outcome.failure.detail).toContain('ticket number missing')
})

test.concurrent(
  'somebody else’s push of the same moment is no refusal: it is asked again, and seen',
  async (context) => {
    const { engine, commit, remote } = await place(context)
    const theirs = remote.git('commit-tree', '-p', 'main', '-m', 'theirs', 'main^{tree}')
    const hook = join(remote.root, 'hooks', 'pre-receive')
    writeFileSync(hook, `#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref ${main} ${theirs}\n`)
    chmodSync(hook, 0o755)
    const oid = await commit('1\n')
    const outcome = await pushCommit(engine, main, oid, true)
    expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'unknown', heals: 'backoff' } })
    expect(outcome.kind === 'failed' && outcome.failure.detail).toBe('the remote branch moved while it was pushed to')
    expect(remote.git('rev-parse', main)).toBe(theirs)
    expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'behind' })
  },
)

// By itself: its patience is short.
test('a server that is not there, that refuses, hangs up or falls silent has its name', async (context) => {
  const { engine, commit, repo, server, remote } = await place(context, {
    deadlines: { stillMs: 3_000, listMs: 3_000 },
  })
  const before = remote.git('rev-parse', main)
  const oid = await commit('1\n')
  const named = async () => {
    const outcome = await pushCommit(engine, main, oid, true)
    return outcome.kind === 'failed' ? outcome.failure.name : outcome.kind
  }
  for (const [fault, expected] of [
    [{ kind: 'status', code: 404 }, 'no-such-remote'],
    [{ kind: 'status', code: 403 }, 'authentication'],
    [{ kind: 'status', code: 429 }, 'rate-limit'],
    [{ kind: 'status', code: 503 }, 'unreachable'],
    [{ kind: 'reset' }, 'unreachable'],
    [{ kind: 'silent' }, 'timeout'],
  ] as const) {
    server.fail(fault)
    expect(await named(), JSON.stringify(fault)).toBe(expected)
  }
  server.fail({ kind: 'hangs-up', afterBytes: 20 }, asks.tip)
  expect(await verifyRemote(engine, main, oid)).toMatchObject({ kind: 'failed' })
  server.fail(null)
  repo.git('remote', 'set-url', 'origin', 'http://alice:s3cret@127.0.0.1:1/x.git')
  expect(await named()).toBe('unreachable')
  expect((await engine.upstream(main))?.address).toBe('http://127.0.0.1:1/x.git')
  expect(remote.git('rev-parse', main)).toBe(before)
})

test.concurrent('a remote that is reached in another way from now on is refused by name', async (context) => {
  const { engine, commit, repo } = await place(context)
  const oid = await commit('1\n')
  repo.git('remote', 'set-url', 'origin', 'git@example.invalid:x.git')
  const outcome = await pushCommit(engine, main, oid, true)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'git-missing' } })
  expect(outcome.kind === 'failed' && outcome.failure.detail).toContain('(remote)')
})
