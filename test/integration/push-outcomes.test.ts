import { randomBytes } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine, OpenOptions } from '../../src/git/git.ts'
import { pushCommit, verifyRemote } from '../../src/push/push.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { addRemote, commitElsewhere, gitEnvironment, makeRepo, openRepoAt } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

const main = 'refs/heads/main'
let repo: TempRepo
let remote: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ f: '0\n' })
  remote = addRemote(repo)
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

async function reopen(options: Partial<OpenOptions>): Promise<void> {
  await engine.close()
  engine = await openEngine(repo, options)
}

async function commit(text: string): Promise<string> {
  repo.write('f', text)
  const outcome = await commitPaths(engine, ['f'])
  return outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
}

function script(path: string, text: string): void {
  const place = openRepoAt(path.startsWith('hooks') ? remote.root : repo.root)
  place.write(path, `#!/bin/sh\n${text}\n`)
  chmodSync(join(place.root, path), 0o755)
}

test('the commit that was made is pushed, whatever HEAD is by then, and the tracking ref follows', async () => {
  const oid = await commit('1\n')
  repo.git('commit', '-q', '--allow-empty', '-m', 'later')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
  expect(remote.git('rev-parse', main)).toBe(oid)
  expect(repo.git('rev-parse', 'refs/remotes/origin/main')).toBe(oid)
  expect(await verifyRemote(engine, main, oid)).toEqual({ kind: 'view', ahead: 0, behind: 0, tip: oid })
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
})

test('the remote has commits that we lack: behind, counted after one fetch, and nothing is forced', async () => {
  const theirs = commitElsewhere(remote)
  const oid = await commit('1\n')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'behind' })
  expect(remote.git('rev-parse', main)).toBe(theirs)
  expect(await verifyRemote(engine, main, oid)).toEqual({ kind: 'view', ahead: 1, behind: 1, tip: theirs })
  expect(repo.git('rev-parse', 'refs/remotes/origin/main')).toBe(theirs)
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'behind' })
})

test('a remote that is gone is told as such', async () => {
  const oid = await commit('1\n')
  rmSync(remote.root, { recursive: true })
  expect(await pushCommit(engine, main, oid, true)).toMatchObject({
    kind: 'failed',
    failure: { name: 'no-such-remote' },
  })
  expect(await verifyRemote(engine, main, oid)).toMatchObject({ kind: 'failed', failure: { name: 'no-such-remote' } })
})

test('a host that refuses connections is unreachable, and the address is shown without its password', async () => {
  const oid = await commit('1\n')
  repo.git('remote', 'set-url', 'origin', 'http://alice:s3cret@127.0.0.1:1/x.git')
  const outcome = await pushCommit(engine, main, oid, true)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'unreachable', heals: 'unreachable' } })
  expect(JSON.stringify(outcome)).not.toMatch(/s3cret|alice/)
  expect((await engine.upstream(main))?.address).toBe('http://127.0.0.1:1/x.git')
})

test('the remote hook says no: its words are told and a person is needed', async () => {
  script('hooks/pre-receive', 'echo "ticket number missing"; exit 1')
  const outcome = await pushCommit(engine, main, await commit('1\n'), true)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'hook-refused', heals: 'person' } })
  expect(outcome.kind === 'failed' && outcome.failure.detail).toContain('ticket number missing')
})

test('somebody else’s push of the same moment came first: it is tried again, and nobody needs to act', async () => {
  const overtake = 'git update-ref refs/heads/main "$(git commit-tree -m theirs -p HEAD "HEAD^{tree}")"'
  script('hooks/pre-receive', `unset GIT_QUARANTINE_PATH; ${overtake}`)
  const outcome = await pushCommit(engine, main, await commit('1\n'), true)
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: { heals: 'backoff', detail: expect.stringContaining('moved while it was pushed') },
  })
})

test('our own pre-push hook runs and may say no', async () => {
  script('.git/hooks/pre-push', 'echo "not today" >&2; exit 1')
  const outcome = await pushCommit(engine, main, await commit('1\n'), true)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'hook-refused' } })
  expect(outcome.kind === 'failed' && outcome.failure.detail).toBe('the pre-push hook refused: not today')
})

test('a branch that is checked out over there is a rejection', async () => {
  remote.git('config', 'core.bare', 'false')
  const outcome = await pushCommit(engine, main, await commit('1\n'), true)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'rejected', heals: 'person' } })
})

test('a transport that hangs is ended at its deadline', async () => {
  repo.git('remote', 'set-url', 'origin', 'ssh://example.invalid/x.git')
  await reopen({
    environment: { ...gitEnvironment, GIT_SSH_COMMAND: 'sleep 60 #' },
    deadlines: { stillMs: 300, listMs: 300 },
  })
  const oid = await commit('1\n')
  expect(await pushCommit(engine, main, oid, true)).toMatchObject({ kind: 'failed', failure: { name: 'timeout' } })
  expect(await verifyRemote(engine, main, oid)).toMatchObject({ kind: 'failed', failure: { name: 'timeout' } })
})

/** Lets 64 KB through at a time, with a rest behind each, as a slow line does. */
const slowLine = `process.stdin.on("data", (bytes) => {
  process.stdin.pause()
  process.stdout.write(bytes)
  setTimeout(() => process.stdin.resume(), 400)
})`
const noise = (): string => randomBytes(1_000_000).toString('base64')

test('a slow transfer that moves goes on beyond the time that a silent one has, and ends with the daemon', async () => {
  const stillMs = 3_000
  script('throttled', `"${process.execPath}" -e '${slowLine}' | git receive-pack "$@"`)
  repo.git('config', 'remote.origin.receivepack', join(repo.root, 'throttled'))
  await reopen({ deadlines: { stillMs, hurryMs: 100 } })
  const first = await commit(noise())
  const startedMs = performance.now()
  expect(await pushCommit(engine, main, first, true)).toEqual({ kind: 'pushed', oid: first })
  expect(performance.now() - startedMs).toBeGreaterThan(1.5 * stillMs)
  const second = await commit(noise())
  const under = pushCommit(engine, main, second, true)
  engine.hurry()
  expect(await under).toMatchObject({ kind: 'failed', failure: { name: 'timeout' } })
  expect(remote.git('rev-parse', main)).toBe(first)
})

test('ssh is told to ask nothing, unless the user chose a command of their own', async () => {
  script(
    'ssh',
    `echo "$@" > ${join(repo.root, 'said')}; echo "user@host: Permission denied (publickey)." >&2; exit 255`,
  )
  repo.git('remote', 'set-url', 'origin', 'ssh://host/x.git')
  await reopen({ environment: { ...gitEnvironment, PATH: `${repo.root}:${gitEnvironment['PATH']}` } })
  const oid = await commit('1\n')
  expect(await pushCommit(engine, main, oid, true)).toMatchObject({
    kind: 'failed',
    failure: { name: 'authentication' },
  })
  expect(repo.git('hash-object', 'said')).not.toBe('')
  expect(repo.gitBytes(['cat-file', 'blob', repo.git('hash-object', '-w', 'said')]).toString()).toContain(
    'BatchMode=yes',
  )
  repo.git('config', 'core.sshCommand', `${join(repo.root, 'ssh')} mine`)
  await pushCommit(engine, main, oid, true)
  expect(repo.gitBytes(['cat-file', 'blob', repo.git('hash-object', '-w', 'said')]).toString()).toMatch(/^mine/)
})

test('no upstream: nothing is pushed, and it says what to run', async () => {
  const oid = await commit('1\n')
  repo.git('branch', '--unset-upstream')
  const outcome = await pushCommit(engine, main, oid, true)
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'no-upstream', heals: 'person' } })
  repo.git('config', 'branch.main.remote', '.')
  repo.git('config', 'branch.main.merge', 'refs/heads/other')
  expect(await engine.upstream(main)).toBeNull()
})

test('an upstream of another name is pushed to under that name', async () => {
  repo.git('config', 'branch.main.merge', 'refs/heads/trunk')
  const oid = await commit('1\n')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
  expect(remote.git('rev-parse', 'refs/heads/trunk')).toBe(oid)
})

test('with push.userCommits off, commits that people made are not pushed along', async () => {
  const ours = await commit('ours\n')
  expect(await pushCommit(engine, main, ours, false)).toEqual({ kind: 'pushed', oid: ours })
  repo.git('commit', '-q', '--allow-empty', '-m', 'by hand')
  const later = await commit('later\n')
  const refused = await pushCommit(engine, main, later, false)
  expect(refused).toMatchObject({ kind: 'failed', failure: { name: 'user-commits', heals: 'person' } })
  expect(remote.git('rev-parse', main)).toBe(ours)
})
