import { expect, test } from 'vitest'
import { undoPlace } from '../support/undo-place.ts'

test('without a name it takes the last commit that this clone made, also under an earlier name', async () => {
  const { repo, commit, undo } = await undoPlace({ a: '1\n', b: '1\n', c: '1\n' })
  const change = (path: string, host: string): string => {
    repo.write(path, '2\n')
    return commit(host)
  }
  const before = change('a', 'before')
  const own = change('b', 'h.1')
  change('c', 'hx1')
  repo.git('commit', '-q', '--allow-empty', '-m', 'quotes\n\nWorkspace-Sync-Host: h.1\n\nand goes on')
  // The user's kind of pattern changes nothing.
  repo.git('config', 'grep.patternType', 'fixed')
  expect(await undo(null, true)).toMatchObject({ kind: 'undone', undoes: own })
  expect(await undo()).toMatchObject({ kind: 'undone', undoes: own, paths: [{ path: 'b' }] })
  repo.git('reset', '-q', '--hard', before)
  expect(await undo()).toMatchObject({ kind: 'undone', undoes: before })
})

test('without a name it leaves what another clone made, and says how that is named', async () => {
  const { repo, commit, undo } = await undoPlace({ a: '1\n' })
  repo.write('a', '2\n')
  const other = commit('other')
  const answer = await undo()
  expect(answer).toMatchObject({ kind: 'refused', hint: expect.stringContaining(`undo ${other.slice(0, 10)}`) })
  expect(repo.show('HEAD:a')).toBe('2\n')
  expect(await undo(other.slice(0, 10))).toMatchObject({ kind: 'undone', undoes: other })
})

test('an undo in the middle of a rebase says what ends the rebase', async () => {
  const { repo, commit, undo } = await undoPlace({ f: '1\n' })
  repo.git('branch', 'side')
  repo.write('f', '2\n')
  commit()
  repo.git('switch', '-q', 'side')
  repo.write('f', '3\n')
  repo.git('commit', '-q', '-am', 'side')
  expect(() => repo.git('rebase', 'main')).toThrow()
  expect(await undo()).toMatchObject({
    kind: 'refused',
    problem: 'rebase in progress, with conflicts',
    hint: expect.stringMatching(/git rebase --continue; git rebase --abort/),
  })
})
