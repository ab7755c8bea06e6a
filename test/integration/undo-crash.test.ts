import { expect, test } from 'vitest'
import { finishNoted, undo } from '../../src/daemon/undo.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { Crash } from '../support/failing-calls.ts'
import { memoryState } from '../support/memory-state.ts'
import { eachEngine, memoryJournal } from '../support/open-engine.ts'
import { undoPlace } from '../support/undo-place.ts'

eachEngine(() => {
  test('files that a crash kept from following the commit of an undo follow at the next start', async () => {
    const { repo, engine, commit, read } = await undoPlace({ a: 'a\n', b: 'b\n', c: 'c\n', gone: 'gone\n' })
    for (const name of ['a', 'b', 'c', 'added']) repo.write(name, 'unwanted\n')
    repo.git('rm', '-q', 'gone')
    commit()
    const state = memoryState()
    const parts = { engine, clock: systemClock, journal: memoryJournal(), id: '1', hosts: ['h.1'] }
    const note = (undoing: string | null): void => state.update({ undoing })
    const crash = (): never => {
      throw new Crash('right after the first file')
    }
    const ownWrites = { wrote: crash, answer: () => null }
    await expect(undo({ ...parts, ownWrites, note }, null, false)).rejects.toThrow(Crash)
    expect(repo.git('status', '--porcelain')).not.toBe('')
    repo.write('c', 'mine\n')
    await finishNoted({ engine, clock: systemClock, ownWrites: null, state })
    expect(state.value.undoing).toBeNull()
    expect(['a', 'b', 'c', 'added', 'gone'].map(read)).toEqual(['a\n', 'b\n', 'mine\n', null, 'gone\n'])
    expect(repo.git('status', '--porcelain')).toBe(' M c')
  })

  test('what somebody committed again after the crash stays', async () => {
    const { repo, engine, commit, read } = await undoPlace({ a: 'a\n', b: 'b\n' })
    for (const name of ['a', 'b']) repo.write(name, 'unwanted\n')
    commit()
    for (const name of ['a', 'b']) repo.write(name, `${name}\n`)
    repo.git('add', '-A')
    repo.git('commit', '-q', '-m', 'undo\n\nWorkspace-Sync-Id: 1')
    for (const name of ['a', 'b']) repo.write(name, 'unwanted\n')
    repo.git('commit', '-q', '-m', 'wanted after all', 'a')
    await finishNoted({ engine, clock: systemClock, ownWrites: null, state: memoryState({ undoing: '1' }) })
    expect(['a', 'b'].map(read)).toEqual(['unwanted\n', 'b\n'])
    expect(repo.git('status', '--porcelain')).toBe('')
  })

  test('an undo that was noted and never committed changes nothing', async () => {
    const { repo, engine, commit, read } = await undoPlace({ a: 'a\n' })
    repo.write('a', 'wanted\n')
    commit()
    // By hand, and not to be taken for what an undo left behind.
    repo.write('a', 'a\n')
    const state = memoryState({ undoing: 'never committed' })
    await finishNoted({ engine, clock: systemClock, ownWrites: null, state })
    expect([read('a'), state.value.undoing]).toEqual(['a\n', null])
  })
})
