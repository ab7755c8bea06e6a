import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readTrusted, withConsents, type Consent, type Trusted } from '../../src/trust/trust.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo, openRepoAt, runGit, type TempRepo } from '../support/temp-repo.ts'

const rules = '.workspace-sync/filters/x.rules'
const ours = 'BLOCK:gen/**:made again\n'
const theirs = 'ALLOW:secrets/**:take them all\nBLOCK:tmp/**:not this\n'

function repoWith(files: Readonly<Record<string, string>> = { 'a.md': 'a\n' }): TempRepo {
  const repo = makeRepo(files)
  onTestFinished(() => repo.dispose())
  return repo
}

/** A second clone, by somebody else, that pushes to the same place. */
function other(repo: TempRepo): TempRepo {
  const base = dirname(repo.root)
  runGit(base, ['clone', '-q', '--bare', repo.root, 'hub.git'])
  repo.git('remote', 'add', 'origin', join(base, 'hub.git'))
  repo.git('fetch', '-q', 'origin')
  repo.git('branch', '-q', '--set-upstream-to=origin/main')
  runGit(base, ['clone', '-q', 'hub.git', 'other'])
  return openRepoAt(join(base, 'other'))
}

function push(repo: TempRepo, files: Readonly<Record<string, string | null>>): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) repo.git('rm', '-q', path)
    else repo.write(path, text)
  }
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'theirs')
  repo.git('push', '-q', 'origin', 'HEAD:main')
}

async function read(
  repo: TempRepo,
  consents: readonly Consent[] = [],
  isSettled = true,
  isBringing = false,
): Promise<Trusted> {
  const engine = await openEngine(repo)
  try {
    return await readTrusted({
      root: repo.root,
      consents,
      isBringing,
      nowMs: 1,
      engine: () => Promise.resolve(engine),
      isSettled: () => isSettled,
    })
  } finally {
    await engine.close()
  }
}

async function waitsOf(repo: TempRepo, consents: readonly Consent[] = [], isSettled = true): Promise<string | null> {
  const { say } = await read(repo, consents, isSettled)
  const text = say.texts.find(({ path }) => path === rules)
  if (text === undefined) throw new Error('no such file was read')
  return text.waits
}

const brought = 'came with a clone or a pull'

test('what was written here is in force, before its commit and after it, and in a repository without a commit', async () => {
  const repo = repoWith({})
  repo.write(rules, ours)
  expect(await waitsOf(repo)).toBeNull()
  repo.git('add', '-A')
  expect(await waitsOf(repo)).toBeNull()
  repo.git('commit', '-q', '-m', 'mine')
  expect(await waitsOf(repo)).toBeNull()
  repo.git('commit', '-q', '--amend', '-m', 'mine again')
  expect(await waitsOf(repo)).toBeNull()
})

test('what came with a clone waits, once for its content', async () => {
  const repo = repoWith({ [rules]: theirs })
  const clone = other(repo)
  const first = await read(clone)
  expect(first.say.texts).toEqual([{ path: rules, text: theirs, waits: brought, before: null }])
  const agreed = withConsents([], first.waiting)
  expect(await waitsOf(clone, agreed)).toBeNull()
  clone.write(rules, `${theirs}ALLOW:b:mine\n`)
  expect(await waitsOf(clone, agreed)).toBeNull()
})

test('what a pull brought waits, also when nobody watched, and what was in force stays so', async () => {
  const repo = repoWith({ [rules]: ours })
  const clone = other(repo)
  const { fresh } = await read(repo)
  expect(fresh).toMatchObject([{ path: rules, by: 'edited' }])
  push(clone, { [rules]: theirs })
  repo.git('fetch', '-q', 'origin')
  repo.git('merge', '-q', '--ff-only', 'origin/main')
  const { say } = await read(repo, fresh)
  expect(say.texts).toEqual([{ path: rules, text: theirs, waits: brought, before: ours }])
})

test('what a pull wrote waits before HEAD tells of it, and after HEAD was put back', async () => {
  const repo = repoWith({ [rules]: ours })
  const clone = other(repo)
  push(clone, { [rules]: theirs })
  repo.git('fetch', '-q', 'origin')
  repo.write(rules, theirs)
  expect(await waitsOf(repo)).toBe(brought)
  repo.git('add', rules)
  expect(await waitsOf(repo)).toBe(brought)
  repo.git('commit', '-q', '-m', 'squashed: a commit made here of what somebody else wrote')
  expect(await waitsOf(repo)).toBe(brought)
})

test('a pull from a bare address, which leaves no ref, waits too', async () => {
  const repo = repoWith({ [rules]: ours })
  const clone = other(repo)
  clone.git('checkout', '-q', '-b', 'side')
  clone.write(rules, theirs)
  clone.git('commit', '-q', '-a', '-m', 'theirs')
  repo.git('fetch', '-q', clone.root, 'side')
  repo.write(rules, theirs)
  expect(await waitsOf(repo)).toBe(brought)
})

test('what git merged of both sides waits, while it is staged and when it is committed', async () => {
  const lines = Array.from({ length: 20 }, (_, at) => `BLOCK:gen${at}/**:made again\n`)
  const repo = repoWith({ [rules]: lines.join('') })
  const clone = other(repo)
  push(clone, { [rules]: `${lines.join('')}ALLOW:secrets/**:theirs\n` })
  repo.write(rules, `ALLOW:docs/**:mine\n${lines.join('')}`)
  repo.git('commit', '-q', '-a', '-m', 'mine')
  repo.git('fetch', '-q', 'origin')
  repo.git('merge', '-q', '--no-commit', 'origin/main')
  expect(await waitsOf(repo)).toMatch(/git operation/)
  repo.git('commit', '-q', '-m', 'merged')
  expect(await waitsOf(repo)).toBe(brought)
})

test('what lies there merged, and is in no commit of the branch since a crash, waits until it is', async () => {
  const repo = repoWith({})
  repo.write(rules, ours)
  const { say, fresh, isUndecided } = await read(repo, [], true, true)
  expect(say.texts).toMatchObject([{ waits: expect.stringMatching(/git operation/) }])
  expect([fresh, isUndecided]).toEqual([[], true])
})

test('bytes that git has just staged, and nobody committed, are not settled yet', async () => {
  const repo = repoWith()
  repo.write(rules, ours)
  repo.git('add', '-A')
  expect(await waitsOf(repo, [], false)).toMatch(/just been written by git/)
  expect((await read(repo, [], false)).isUndecided).toBe(true)
  expect(await waitsOf(repo, [], true)).toBeNull()
})

test('conversions of git hide nothing: what it writes differently from what it keeps waits', async () => {
  const attributes = `${rules} text eol=crlf\n`
  const mixed = 'ALLOW:a:one\r\nALLOW:b:two\n'
  const repo = repoWith({ [rules]: ours })
  const clone = other(repo)
  clone.git('config', 'core.safecrlf', 'false')
  clone.write('.gitattributes', '')
  clone.git('add', '-A')
  const blob = clone.gitBytes(['hash-object', '-w', '--stdin', '--no-filters'], mixed).toString().trim()
  clone.git('update-index', '--cacheinfo', `100644,${blob},${rules}`)
  const attributesBlob = clone.gitBytes(['hash-object', '-w', '--stdin'], attributes).toString().trim()
  clone.git('update-index', '--cacheinfo', `100644,${attributesBlob},.gitattributes`)
  clone.git('commit', '-q', '-m', 'tricky')
  clone.git('push', '-q', 'origin', 'HEAD:main')
  repo.git('fetch', '-q', 'origin')
  repo.git('merge', '-q', '--ff-only', 'origin/main')
  expect(await waitsOf(repo)).not.toBeNull()
  // Somebody touches it, so that not even the index knows it any more.
  repo.write(rules, 'ALLOW:a:one\r\nALLOW:b:two\r\n')
  expect(await waitsOf(repo)).toMatch(/converted by git/)
})

test('rules that a pull deletes stay in force, and those deleted here do not', async () => {
  const repo = repoWith({ [rules]: ours, 'a.md': 'a\n' })
  const clone = other(repo)
  const { fresh } = await read(repo)
  rmSync(join(repo.root, rules))
  expect(await read(repo, fresh)).toMatchObject({
    say: { texts: [{ text: null, waits: null }] },
    fresh: [{ sha256: null }],
  })
  repo.git('checkout', '-q', rules)
  push(clone, { [rules]: null })
  repo.git('fetch', '-q', 'origin')
  repo.git('merge', '-q', '--ff-only', 'origin/main')
  expect(await read(repo, fresh)).toMatchObject({ say: { texts: [{ text: null, waits: brought, before: ours }] } })
})

test('links, directories, FIFOs and files that are no text are told and not read', async () => {
  const repo = repoWith()
  const outside = join(dirname(repo.root), 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'x.rules'), theirs)
  symlinkSync(outside, join(repo.root, '.workspace-sync'))
  expect((await read(repo)).say).toEqual({
    texts: [],
    faults: ['.workspace-sync is not read: it is a link; put a directory there'],
  })
  rmSync(join(repo.root, '.workspace-sync'))
  repo.write('.workspace-sync', 'a file')
  expect((await read(repo)).say.faults).toEqual([
    '.workspace-sync is not read: it is no directory; put a directory there',
  ])
  rmSync(join(repo.root, '.workspace-sync'))
  repo.write('.workspace-sync/filters/good.rules', ours)
  repo.write('.workspace-sync/filters/binary.rules', Buffer.from([1, 0, 2]))
  symlinkSync(join(outside, 'x.rules'), join(repo.root, '.workspace-sync/filters/link.rules'))
  mkdirSync(join(repo.root, '.workspace-sync/filters/directory.rules'))
  runGit(repo.root, ['-c', 'alias.fifo=!mkfifo .workspace-sync/filters/fifo.rules', 'fifo'])
  runGit(repo.root, ['-c', 'alias.big=!truncate -s 17M .workspace-sync/filters/huge.rules', 'big'])
  const { say } = await read(repo)
  expect(say.texts.map(({ path, waits }) => [path, waits])).toEqual([['.workspace-sync/filters/good.rules', null]])
  expect(say.faults.map((fault) => fault.replace(/^\S+\/(\w+)\.rules is not read: it /, '$1: '))).toEqual([
    'binary: is no text; put a text file there',
    'directory: is no regular file; put a text file there',
    'fifo: is no regular file; put a text file there',
    'huge: is larger than 16777216 bytes; make it shorter',
    'link: is a link; put a text file there',
  ])
})

test('what came from elsewhere waits under another name too, and its deletion says nothing of another file', async () => {
  const repo = repoWith()
  const away = other(repo)
  push(away, { '.workspace-sync/filters/a.rules': theirs })
  repo.git('pull', '-q', '--no-rebase')
  renameSync(join(repo.root, '.workspace-sync/filters/a.rules'), join(repo.root, rules))
  expect(await waitsOf(repo)).not.toBeNull()
})

test('a repository at the place of the settings is told and not read', async () => {
  const repo = repoWith()
  repo.write(rules, ours)
  mkdirSync(join(repo.root, '.workspace-sync/.git'))
  const { say } = await read(repo)
  expect(say.texts).toEqual([])
  expect(say.faults).toEqual([
    '.workspace-sync is not read: it is a repository of its own; put a plain directory there',
  ])
})
