import { expect, test } from 'vitest'
import { childPath, isBelow, isGitName, systemPath } from '../../src/events/normalize.ts'
import { pathBytes } from '../../src/types.ts'

test('an entry of the root has no slash before its name', () => {
  expect(childPath(pathBytes(''), 'a')).toBe('a')
  expect(childPath(pathBytes('a'), 'b')).toBe('a/b')
})

test('the git directory is known in every spelling, and nothing else is taken for it', () => {
  expect(['.git', '.GIT', '.Git'].map(isGitName)).toEqual([true, true, true])
  expect(['git', '.gitignore', '.git~', '.github', 'a.git', ''].map(isGitName)).toEqual(Array(6).fill(false))
})

const below = (path: string, directory: string) => isBelow(pathBytes(path), pathBytes(directory))

test('below means inside, not beginning alike', () => {
  expect([below('a/b', 'a'), below('a/b/c', 'a'), below('a', '')]).toEqual([true, true, true])
  expect([below('a', 'a'), below('ab', 'a'), below('', '')]).toEqual([false, false, false])
})

test('a path of ASCII goes to the system as text, any other as its bytes', () => {
  expect(systemPath('a/b')).toBe('a/b')
  expect(systemPath('a/\u00ff')).toEqual(Buffer.from([0x61, 0x2f, 0xff]))
})
