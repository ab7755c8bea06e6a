import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { beginBringing, putBack } from '../../src/daemon/put-back.ts'
import type { State } from '../../src/daemon/state-schema.ts'
import { placing } from '../../src/integrate/integrate.ts'
import { pathBytes } from '../../src/types.ts'
import { Crash } from '../support/failing-calls.ts'
import { here, read, ref, theirsOf } from '../support/interrupted.ts'
import { memoryState } from '../support/memory-state.ts'
import { eachEngine } from '../support/open-engine.ts'
import { makeMachines, startMachine, type Machines } from '../support/two-machines.ts'
import { makeRepo, openRepoAt } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

eachEngine(() => {
  test('what lies there exactly as it was placed goes back; what was changed, staged or lay there before stays', async () => {
    const same = ['changed', 'gone', 'late', 'edited', 'staged', 'run.sh', 'to-directory', 'to-file/deep', 'large']
    const repo = makeRepo(Object.fromEntries(same.map((name) => [name, '1\n'])))
    onTestFinished(() => repo.dispose())
    const place = (): void => {
      for (const name of ['changed', 'edited', 'staged', 'new/deep', 'lay']) repo.write(name, '2\n')
      for (const name of ['gone', 'to-directory', 'to-file']) rmSync(join(repo.root, name), { recursive: true })
      chmodSync(join(repo.root, 'run.sh'), 0o755)
      repo.write('to-directory/deep', '2\n')
      repo.write('to-file', '2\n')
      repo.write('large', 'l'.repeat(5_000))
      symlinkSync('changed', join(repo.root, 'link'))
    }
    const base = repo.git('rev-parse', 'HEAD')
    const commit = theirsOf(repo, () => {
      place()
      repo.write('late', '2\n')
      repo.write('made/for/it', '2\n')
    })
    place()
    // As where the crash came between the two.
    mkdirSync(join(repo.root, 'made/for'), { recursive: true })
    repo.write('edited', '2\nand mine\n')
    // The same bytes, written again.
    repo.write('changed', '2\n')
    chmodSync(join(repo.root, 'changed'), 0o600)
    repo.git('add', 'staged')
    const { parts, state } = await here(repo)
    beginBringing(parts, { ref, base, commit, ready: '/nonexistent', there: [pathBytes('lay')], apart: [] })
    expect(await putBack(parts)).toBe(10)
    expect(repo.git('status', '--porcelain', '-uall').split('\n')).toEqual([' M edited', 'M  staged', '?? lay'])
    expect(read(repo, 'edited')).toBe('2\nand mine\n')
    for (const name of ['new', 'made']) expect(existsSync(join(repo.root, name))).toBe(false)
    expect(state.value.bringing).toBeNull()
  })

  test('where git has thrown the commit away, the branch has it, or has something else there, nothing goes back', async () => {
    const repo = makeRepo({ a: '1\n' })
    onTestFinished(() => repo.dispose())
    const base = repo.git('rev-parse', 'HEAD')
    const theirs = theirsOf(repo, () => repo.write('a', '2\n'))
    const expectToStay = async (commit: string): Promise<void> => {
      // By hand, and just as it would have been placed.
      repo.write('a', '2\n')
      const { parts, state } = await here(repo)
      beginBringing(parts, { ref, base, commit, ready: '/nonexistent', there: [], apart: [] })
      await putBack(parts)
      expect([read(repo, 'a'), state.value.bringing]).toEqual(['2\n', null])
    }
    await expectToStay('1'.repeat(40))
    repo.write('a', '3\n')
    repo.git('commit', '-q', '-am', 'something else')
    await expectToStay(theirs)
    repo.git('reset', '-q', '--hard', theirs)
    repo.write('a', '1\n')
    repo.git('commit', '-q', '-am', 'back again')
    await expectToStay(theirs)
  })

  test('what was noted of a branch that never moved is as it was', async () => {
    const repo = makeRepo({ a: '1\n', b: '1\n', c: '1\n' })
    onTestFinished(() => repo.dispose())
    const base = repo.git('rev-parse', 'HEAD')
    const commit = theirsOf(repo, () => repo.write('a', '2\n'))
    const noted = (path: string, of: string): State['diverged'][number] => {
      return { path: pathBytes(path), reason: 'r', atMs: 1, ref, theirs: { commit: of, oid: null } }
    }
    const { parts, state } = await here(repo, memoryState({ diverged: [noted('a', base), noted('b', base)] }))
    beginBringing(parts, { ref, base, commit, ready: '/nonexistent', there: [], apart: [{ path: pathBytes('a') }] })
    state.update({ diverged: [noted('b', base), noted('a', commit), noted('c', commit)] })
    await putBack(parts)
    expect(state.value.diverged).toEqual([noted('b', base), noted('a', base)])
  })
})

test('bytes that a conversion or a filter makes of a blob are known again, and so is a mode that no file system keeps', async () => {
  const repo = makeRepo({
    'crlf.txt': 'a\n',
    'run.sh': '1\n',
    '.gitattributes': '*.salted filter=salted -text\n*.sh -text\n',
  })
  onTestFinished(() => repo.dispose())
  repo.git('config', 'filter.salted.clean', 'sh -c "date +%s%N; cat"')
  repo.git('config', 'filter.salted.smudge', 'tail -n +2')
  const place = (): void => {
    repo.write('crlf.txt', 'a\r\nb\r\n')
    repo.write('x.salted', 'plain\n')
    repo.write('y.salted', 'plain\n')
    repo.write('run.sh', '2\n')
  }
  const base = repo.git('rev-parse', 'HEAD')
  const commit = theirsOf(repo, () => {
    place()
    chmodSync(join(repo.root, 'run.sh'), 0o755)
  })
  repo.git('config', 'core.autocrlf', 'true')
  repo.git('config', 'core.fileMode', 'false')
  place()
  repo.write('y.salted', 'other\n')
  const { parts } = await here(repo)
  beginBringing(parts, { ref, base, commit, ready: '/nonexistent', there: [], apart: [] })
  await putBack(parts)
  expect([read(repo, 'x.salted'), read(repo, 'y.salted')]).toEqual([null, 'other\n'])
  expect(read(repo, 'run.sh')).toBe('1\n')
  expect(read(repo, 'crlf.txt')).toMatch(/^a\r?\n$/)
})

/** What a daemon leaves that is killed after it placed what it was to place. */
async function crashed({ here: repo }: Machines, commit: string, place: () => void): Promise<void> {
  const base = repo.git('rev-parse', 'HEAD')
  const before = await startMachine(repo, ['pull.enabled=false'])
  await before.stop()
  const file = join(repo.root, '.git', 'workspace-sync', 'state.json')
  const state = JSON.parse(readFileSync(file, 'utf8')) as State
  writeFileSync(file, JSON.stringify({ ...state, bringing: { ref, base, commit, ready: '' } }))
  place()
}

test('the remote took back what was placed here: it does not come back', async () => {
  const machines = makeMachines({ 'a.md': '1\n', 'moved.md': 'm\n' })
  const { here: repo, there, remote } = machines
  const place = (): void => {
    repo.write('a.md', '2\n')
    repo.write('secret.md', 'secret\n')
    rmSync(join(repo.root, 'moved.md'))
    repo.write('d/moved.md', 'm\n')
  }
  const commit = theirsOf(repo, place)
  repo.git('push', '-q', 'origin', `${commit}:main`)
  await crashed(machines, commit, place)
  there.git('pull', '-q')
  there.git('revert', '--no-edit', 'HEAD')
  there.git('push', '-q')
  repo.write('mine.md', 'mine\n')
  const { daemon } = await startMachine(repo)
  expect(await daemon.sync(null)).toMatchObject({ ok: true })
  await until('mine is there', () => remote.show('main:mine.md') === 'mine\n', 20_000)
  expect(remote.git('diff', '--name-only', there.git('rev-parse', 'HEAD'), 'main')).toBe('mine.md')
  expect(repo.git('status', '--porcelain')).toBe('')
})

test('a directory that was placed where a file was is no conflict', async () => {
  const machines = makeMachines({ a: '1\n', b: '1\n' })
  const { here: repo, there } = machines
  const place = (): void => {
    rmSync(join(repo.root, 'a'))
    repo.write('a/deep', '2\n')
  }
  const commit = theirsOf(repo, place)
  repo.git('push', '-q', 'origin', `${commit}:main`)
  await crashed(machines, commit, place)
  repo.write('b', 'mine\n')
  const { daemon, told } = await startMachine(repo)
  expect(await daemon.sync(null)).toMatchObject({ ok: true })
  expect(repo.git('rev-list', '--count', `HEAD..${commit}`)).toBe('0')
  expect(repo.git('diff', '--name-only', commit)).toBe('b')
  expect(openRepoAt(join(there.root, '..', 'remote.git')).git('rev-parse', 'main')).toBe(repo.git('rev-parse', 'HEAD'))
  expect(told.filter((line) => /conflict|in the way|left as it is/.test(line))).toEqual([])
})

test('what somebody has open for writing, and what was never placed, stays', async () => {
  const repo = makeRepo({ 'a.md': '1\n', 'b.md': '1\n' })
  onTestFinished(() => repo.dispose())
  const place = (): void => {
    for (const name of ['a.md', 'b.md', 'c.md']) repo.write(name, '2\n')
  }
  const base = repo.git('rev-parse', 'HEAD')
  const commit = theirsOf(repo, place)
  place()
  const { parts, state } = await here(repo)
  // By hand, with the very bytes that were to come.
  const ready = join(parts.engine.repository.stateDir, 'incoming')
  mkdirSync(ready, { recursive: true })
  writeFileSync(join(ready, 'c.md'), '2\n')
  const open = openSync(join(repo.root, 'a.md'), 'a')
  onTestFinished(() => closeSync(open))
  beginBringing(parts, { ref, base, commit, ready, there: [], apart: [] })
  expect(await putBack(parts)).toBe(1)
  writeSync(open, 'edit\n')
  expect(['a.md', 'b.md', 'c.md'].map((name) => read(repo, name))).toEqual(['2\nedit\n', '1\n', '2\n'])
  expect(state.value.diverged).toEqual([])
})

test('a try that fails in the middle is gone on with by the next one', async () => {
  const repo = makeRepo({ 'a.md': '1\n', 'b.md': '1\n' })
  onTestFinished(() => repo.dispose())
  const place = (): void => ['a.md', 'b.md'].forEach((name) => repo.write(name, '2\n'))
  const base = repo.git('rev-parse', 'HEAD')
  const commit = theirsOf(repo, place)
  place()
  const { parts } = await here(repo)
  const ready = join(parts.engine.repository.stateDir, 'incoming')
  beginBringing(parts, { ref, base, commit, ready, there: [], apart: [] })
  const crash = (): never => {
    throw new Crash('right after the first file')
  }
  await expect(putBack({ ...parts, ownWrites: { wrote: crash, answer: () => null } })).rejects.toThrow(Crash)
  expect(await putBack(parts)).toBe(1)
  expect(['a.md', 'b.md'].map((name) => read(repo, name))).toEqual(['1\n', '1\n'])
})

test('what cannot be written as it was is held, and is committed by nobody', async () => {
  const repo = makeRepo({ 'x.bin': '1\n', 'y.md': '1\n', '.gitattributes': '*.bin filter=one -text\n' })
  onTestFinished(() => repo.dispose())
  const place = (): void => {
    for (const name of ['x.bin', 'y.md']) repo.write(name, '2\n')
  }
  const base = repo.git('rev-parse', 'HEAD')
  const commit = theirsOf(repo, place)
  repo.git('config', 'filter.one.smudge', 'grep 2')
  repo.git('config', 'filter.one.required', 'true')
  place()
  const { parts, state } = await here(repo)
  beginBringing(parts, { ref, base, commit, ready: '/nonexistent', there: [], apart: [] })
  expect(await putBack(parts)).toBe(1)
  expect(read(repo, 'x.bin')).toBe('2\n')
  expect(state.value.diverged).toMatchObject([{ path: 'x.bin', ref, reason: expect.stringContaining('put back') }])
})

test('who had a file open when it was replaced, and wrote into it after the crash, has written into the one that is back', async () => {
  const repo = makeRepo({ 'a.md': '1\n' })
  onTestFinished(() => repo.dispose())
  const base = repo.git('rev-parse', 'HEAD')
  const commit = theirsOf(repo, () => repo.write('a.md', '2\n'))
  const { parts } = await here(repo)
  const { stateDir } = parts.engine.repository
  const [staged, aside] = [join(stateDir, 'ready'), join(stateDir, 'replaced')]
  mkdirSync(staged, { recursive: true })
  writeFileSync(join(staged, 'a.md'), '2\n')
  const open = openSync(join(repo.root, 'a.md'), 'a')
  onTestFinished(() => closeSync(open))
  beginBringing(parts, { ref, base, commit, ready: '/nonexistent', there: [], apart: [] })
  const path = pathBytes('a.md')
  const seen = new Map([[path, placing.fingerprintOf(repo.root, path)]])
  const crash = (): never => {
    throw new Crash('right after the file')
  }
  const entries = [{ path, mode: '100644', oid: 'x' }] as const
  await expect(placing.placeFiles({ root: repo.root, staged, aside, wrote: crash }, entries, seen)).rejects.toThrow(
    Crash,
  )
  expect(read(repo, 'a.md')).toBe('2\n')
  writeSync(open, 'late\n')
  await putBack(parts)
  expect(read(repo, 'a.md')).toBe('1\nlate\n')
  writeSync(open, 'later\n')
  expect(read(repo, 'a.md')).toBe('1\nlate\nlater\n')
})

test('while a merge is under way nothing goes back, and nothing is committed; afterwards it does', async () => {
  const machines = makeMachines({ 'a.md': '1\n', 'b.md': '1\n' })
  const { here: repo, remote } = machines
  const place = (): void => repo.write('a.md', '2\n')
  await crashed(machines, theirsOf(repo, place), place)
  writeFileSync(join(repo.root, '.git', 'MERGE_HEAD'), `${repo.git('rev-parse', 'HEAD')}\n`)
  repo.write('b.md', 'mine\n')
  const { daemon } = await startMachine(repo)
  expect(await daemon.sync(null)).toMatchObject({ ok: false, problem: expect.stringContaining('merge') })
  expect(read(repo, 'a.md')).toBe('2\n')
  rmSync(join(repo.root, '.git', 'MERGE_HEAD'))
  await until('mine is there', () => remote.show('main:b.md') === 'mine\n', 20_000)
  expect([read(repo, 'a.md'), remote.show('main:a.md')]).toEqual(['1\n', '1\n'])
})
