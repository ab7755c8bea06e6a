import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SyncError } from '../../src/errors.ts'
import { hookKinds, hookPlace, type HookKind, type Installed, type Removed } from '../../src/hooks/hooks.ts'
import { fullListing } from '../support/listing.ts'
import { openEngine } from '../support/open-engine.ts'
import { addRemote, gitEnvironment, makeRepo, type TempRepo } from '../support/temp-repo.ts'

const prePush = hookKinds.find(({ name }) => name === 'pre-push') as HookKind

let repo: TempRepo
let hooks: string
/** Stands for this program: notes its arguments and input, and ends with what the file `code` says. */
let program: string

beforeEach(() => {
  repo = makeRepo({ 'a.md': 'a\n' })
  addRemote(repo)
  hooks = join(repo.root, '.git', 'hooks')
  program = join(dirname(repo.root), 'own program.sh')
  const notes = join(dirname(repo.root), 'ours')
  writeFileSync(
    program,
    `echo "$@" >> '${notes}'; cat >> '${notes}'; exit $(cat '${notes}-code' 2>/dev/null || echo 0)\n`,
  )
})

afterEach(() => repo.dispose())

async function install(options: { anywhere?: boolean; root?: string } = {}): Promise<Installed> {
  const engine = await openEngine({ ...repo, root: options.root ?? repo.root }, { readOnly: true })
  const place = await hookPlace(engine)
  await engine.close()
  return prePush.install({ place, node: '/bin/sh', program, anywhere: options.anywhere === true })
}

async function remove(): Promise<readonly Removed[]> {
  const engine = await openEngine(repo, { readOnly: true })
  const place = await hookPlace(engine)
  await engine.close()
  return prePush.remove(place)
}

function userHook(text: string, mode = 0o751): string {
  mkdirSync(hooks, { recursive: true })
  const path = join(hooks, 'pre-push')
  writeFileSync(path, text)
  chmodSync(path, mode)
  utimesSync(path, 1_500_000_000, 1_500_000_000)
  return path
}

/** Everything of a hook that its owner could miss. */
function look(path: string): unknown {
  const stat = lstatSync(path)
  return [stat.mode, stat.ino, stat.mtimeMs, stat.uid, stat.isSymbolicLink() ? '' : readFileSync(path, 'latin1')]
}

function commit(text: string, cwd = repo.root): string {
  writeFileSync(join(cwd, 'a.md'), text)
  execFileSync('git', ['commit', '-qam', text], { cwd, env: gitEnvironment })
  return execFileSync('git', ['rev-parse', 'HEAD'], { cwd, env: gitEnvironment, encoding: 'utf8' }).trim()
}

function push(env: Record<string, string> = {}, cwd = repo.root): { code: number | null; err: string } {
  const end = spawnSync('git', ['push', '-q', 'origin', 'HEAD'], {
    cwd,
    env: { ...gitEnvironment, ...env },
    encoding: 'utf8',
  })
  return { code: end.status, err: end.stderr }
}

const ours = (): string => {
  try {
    return readFileSync(join(dirname(repo.root), 'ours'), 'utf8')
  } catch {
    return ''
  }
}
const oursSays = (code: number): void => writeFileSync(join(dirname(repo.root), 'ours-code'), String(code))

test('the user’s hook runs first, both see the same arguments and input, and either may refuse', async () => {
  const seen = join(dirname(repo.root), 'theirs')
  userHook(
    `#!/bin/sh\necho "$@" > '${seen}'; cat >> '${seen}'; test ! -s '${join(dirname(repo.root), 'ours')}' && echo first >> '${seen}'\nexit \${RC:-0}\n`,
  )
  expect(await install()).toMatchObject({
    outcome: 'installed',
    chained: join(hooks, 'pre-push.before-workspace-sync'),
  })
  const oid = commit('one')
  expect(push().code).toBe(0)
  const theirs = readFileSync(seen, 'utf8')
  expect(theirs).toMatch(new RegExp(`^origin .*remote.git\nHEAD ${oid} refs/heads/main [0-9a-f]{40}\nfirst\n$`))
  expect(ours()).toBe(`health --pre-push --hook -- ${theirs.replace('first\n', '')}`)
  commit('two')
  expect(push({ RC: '7' }).code).toBe(1)
  expect(ours().match(/health/g)).toHaveLength(2)
  oursSays(10)
  expect(push().code).toBe(1)
  // The user's exit code wins, as the hook itself ends with it.
  const alone = spawnSync(join(hooks, 'pre-push'), ['origin', 'x'], { input: '', env: { ...gitEnvironment, RC: '7' } })
  expect(alone.status).toBe(7)
})

test('a pass of the daemon opens the way for the commit that it names, and for no other', async () => {
  await install()
  oursSays(10)
  const pass = join(dirname(repo.root), 'pass')
  const env = { WORKSPACE_SYNC_PUSH: pass }
  writeFileSync(pass, `${commit('judged')}\n`)
  commit('not judged')
  expect(push(env).code).toBe(1)
  writeFileSync(pass, `${repo.git('rev-parse', 'HEAD')}\n`)
  expect(push(env).code).toBe(0)
  rmSync(pass)
  commit('later')
  expect(push(env).code).toBe(1)
})

test('only a finding refuses: a program that is broken, or gone, is told and lets the push through', async () => {
  await install()
  commit('one')
  oursSays(1)
  const broken = push()
  expect(broken.code).toBe(0)
  expect(broken.err).toMatch(/could not check this push \(it ended with 1\)/)
  rmSync(program)
  commit('two')
  const gone = push({ PATH: '/usr/bin:/bin' })
  expect(gone.code).toBe(0)
  expect(gone.err).toMatch(/is gone from .*own program\.sh: this push was not checked/)
  const [, command = ''] = /^ {2}(rm .*)$/m.exec(gone.err) ?? []
  execFileSync('sh', ['-c', command], { cwd: repo.root })
  expect(readdirSync(hooks).filter((name) => name.startsWith('pre-push') && !name.endsWith('.sample'))).toEqual([])
})

test('removing puts back the very file that was there, and installing twice changes nothing', async () => {
  const path = userHook('#!/bin/sh\nexit 0\n')
  const before = [look(path), readdirSync(hooks)]
  await install()
  expect((await install()).outcome).toBe('unchanged')
  expect(await remove()).toMatchObject([{ outcome: 'removed', kept: [] }])
  expect([look(path), readdirSync(hooks)]).toEqual(before)
  expect(await remove()).toMatchObject([{ outcome: 'absent' }])
})

test('a hook that is a link, and one that git passes over, are put back as they were', async () => {
  mkdirSync(hooks, { recursive: true })
  writeFileSync(join(repo.root, '.git', 'real.sh'), '#!/bin/sh\nexit 5\n', { mode: 0o755 })
  const path = join(hooks, 'pre-push')
  symlinkSync('../real.sh', path)
  const before = look(path)
  await install()
  commit('one')
  expect(push().code).toBe(1)
  await remove()
  expect(look(path)).toEqual(before)
  rmSync(path)
  userHook('#!/bin/sh\nexit 5\n', 0o644)
  await install()
  expect(push().code).toBe(0)
  await remove()
  expect(lstatSync(path).mode & 0o777).toBe(0o644)
})

test('nothing is left where nothing was, not even the folder', async () => {
  rmSync(hooks, { recursive: true, force: true })
  const before = fullListing(join(repo.root, '.git')).map((line) => line.split(' ')[0])
  await install()
  expect(await remove()).toMatchObject([{ outcome: 'removed' }])
  expect(fullListing(join(repo.root, '.git')).map((line) => line.split(' ')[0])).toEqual(before)
})

test('a wrapper of another place or version is brought up to date', async () => {
  const path = userHook('#!/bin/sh\nexit 5\n')
  const before = look(path)
  await install()
  program = `${program}2`
  expect((await install()).outcome).toBe('updated')
  expect(readFileSync(path, 'utf8')).toContain('own program.sh2')
  await remove()
  expect(look(path)).toEqual(before)
})

test('what somebody wrote into the wrapper is never lost', async () => {
  const path = userHook('#!/bin/sh\necho before\n')
  await install()
  writeFileSync(path, `${readFileSync(path, 'utf8')}echo mine\n`)
  expect((await install()).outcome).toBe('edited')
  const [removed] = await remove()
  expect(removed).toMatchObject({ outcome: 'removed', kept: [`${path}.edited-1`] })
  expect(readFileSync(`${path}.edited-1`, 'utf8')).toMatch(/echo mine\n$/)
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\necho before\n')
})

test('a hook that another program put in the place of the wrapper stays, and so does the saved one', async () => {
  const path = userHook('#!/bin/sh\necho before\n')
  await install()
  rmSync(path)
  userHook('#!/bin/sh\necho another\n')
  await expect(install()).rejects.toThrow(/replaced by another program/)
  const saved = join(hooks, 'pre-push.before-workspace-sync')
  expect(await remove()).toMatchObject([{ outcome: 'replaced', kept: [saved] }])
  expect([readFileSync(path, 'utf8'), readFileSync(saved, 'utf8')]).toEqual([
    '#!/bin/sh\necho another\n',
    '#!/bin/sh\necho before\n',
  ])
})

test('a folder in the place of the hook, and hooks that are switched off, are refused with what to do', async () => {
  mkdirSync(join(hooks, 'pre-push'), { recursive: true })
  await expect(install()).rejects.toThrow(SyncError)
  rmSync(join(hooks, 'pre-push'), { recursive: true })
  repo.git('config', 'core.hooksPath', '/dev/null')
  await expect(install()).rejects.toThrow(/switched off/)
})

test('hooks that are part of the work tree, or of others, are written only when asked', async () => {
  for (const directory of ['.husky', join(dirname(repo.root), 'shared hooks')]) {
    mkdirSync(join(repo.root, '.husky'), { recursive: true })
    mkdirSync(join(dirname(repo.root), 'shared hooks'), { recursive: true })
    repo.git('config', 'core.hooksPath', directory)
    await expect(install()).rejects.toThrow(/work tree|others/)
    expect(repo.git('status', '--porcelain')).toBe('')
    expect((await install({ anywhere: true })).path).toMatch(/(\.husky|shared hooks)\/pre-push$/)
    commit(`for ${directory}`)
    oursSays(10)
    expect(push().code).toBe(1)
    expect((await remove()).map(({ outcome }) => outcome)).toEqual(['removed', 'absent'])
    expect(push().code).toBe(0)
  }
  // A folder of hooks that is a link into the work tree.
  repo.git('config', '--unset', 'core.hooksPath')
  rmSync(hooks, { recursive: true, force: true })
  symlinkSync('../.husky', hooks)
  await expect(install()).rejects.toThrow(/work tree/)
})

test('a linked work tree shares the hook of its repository', async () => {
  const linked = join(dirname(repo.root), 'linked')
  repo.git('worktree', 'add', '-q', '-b', 'side', linked)
  expect((await install({ root: linked })).path).toBe(join(hooks, 'pre-push'))
  commit('there', linked)
  oursSays(10)
  expect(push({}, linked).code).toBe(1)
})

test('hooks that were switched off by a path that is no folder keep nobody from removing ours', async () => {
  const { path } = await install()
  repo.git('config', 'core.hooksPath', '/dev/null')
  expect(await remove()).toContainEqual({ outcome: 'removed', path, kept: [] })
  expect(existsSync(path)).toBe(false)
  const engine = await openEngine(repo, { readOnly: true })
  const place = await hookPlace(engine)
  await engine.close()
  expect(prePush.look({ place, node: '/bin/sh', program })).toMatchObject({ outcome: 'absent' })
})
