import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readIndexFile, readStageList } from '../../src/git/index-table.ts'
import type { IndexTable } from '../../src/git/index-table.ts'
import { fields } from '../../src/git/parse.ts'
import type { PathBytes } from '../../src/types.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo

afterEach(() => repo.dispose())

const indexFile = (place: TempRepo) => readFileSync(join(place.root, '.git', 'index'))

/** Index lines of every kind, without a work tree behind them. */
function fill(place: TempRepo): readonly string[] {
  const blob = place.gitBytes(['hash-object', '-w', '--stdin'], 'x').toString().trim()
  const names = ['a', 'a-b', 'a/b', 'a/c/d', 'a0', '\xff\xfe', 'n'.repeat(4094), 'n'.repeat(4095), 'n'.repeat(5000)]
  names.splice(names.indexOf('a'), 1)
  const lines = names.map((name, at) => `${at % 2 === 0 ? '100644' : '100755'} ${blob} 0\t${name}\0`)
  lines.push(`100644 ${blob} 1\tconflict\0`, `100644 ${blob} 3\tconflict\0`)
  place.gitBytes(['update-index', '-z', '--index-info'], Buffer.from(lines.join(''), 'latin1'))
  return [...names, 'conflict', 'absent', 'a', '']
}

function expectSame(found: IndexTable | null, asked: IndexTable, names: readonly string[]): void {
  expect(found?.hasUnmerged).toBe(asked.hasUnmerged)
  for (const name of names) {
    expect(found?.at(name as PathBytes), name).toEqual(asked.at(name as PathBytes))
    expect(found?.below(name as PathBytes), name).toEqual(asked.below(name as PathBytes))
  }
}

test.each([
  ['sha1', '2'],
  ['sha256', '2'],
  ['sha1', '4'],
  ['sha256', '4'],
] as const)('an index file is read as git reads it (%s, version %s)', (objectFormat, version) => {
  repo = makeRepo({}, { objectFormat })
  const names = fill(repo)
  repo.git('update-index', '--index-version', version)
  const found = readIndexFile(indexFile(repo), objectFormat === 'sha1' ? 20 : 32)
  const asked = readStageList(fields(repo.gitBytes(['ls-files', '--stage', '-v', '-z'])))
  expectSame(found, asked, names)
  expect(found?.below('a' as PathBytes).map(({ path }) => path)).toEqual(['a/b', 'a/c/d'])
  expect(found?.at('conflict' as PathBytes).map(({ stage }) => stage)).toEqual([1, 3])
})

test.each(['3', '4'])('an intention to add and a sparse entry are told apart from others (version %s)', (version) => {
  repo = makeRepo({ f: 'x\n', g: 'x\n' })
  repo.write('wanted', 'w')
  repo.git('add', '-N', 'wanted')
  repo.git('update-index', '--skip-worktree', 'f')
  repo.git('update-index', '--index-version', version)
  const found = readIndexFile(indexFile(repo), 20)
  expect(found?.at('wanted' as PathBytes)).toMatchObject([{ intentToAdd: true, skipWorktree: false }])
  expect(found?.at('f' as PathBytes)).toMatchObject([{ intentToAdd: false, skipWorktree: true }])
  expect(found?.at('g' as PathBytes)).toMatchObject([{ intentToAdd: false, skipWorktree: false }])
})

test('what only git can read is left to git, and a torn file is never half believed', () => {
  repo = makeRepo({ f: 'x\n', g: 'x\n' })
  const whole = indexFile(repo)
  for (let length = 0; length < 12 + 72; length += 1) expect(readIndexFile(whole.subarray(0, length), 20)).toBeNull()
  repo.git('update-index', '--index-version', '4')
  const shortened = indexFile(repo)
  expect(readIndexFile(shortened, 20)).not.toBeNull()
  for (let length = 0; length < 12 + 67; length += 1)
    expect(readIndexFile(shortened.subarray(0, length), 20)).toBeNull()
  repo.git('update-index', '--split-index')
  expect(readIndexFile(indexFile(repo), 20)).toBeNull()
})
