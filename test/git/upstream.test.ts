import { expect, test } from 'vitest'
import { trackedBy } from '../../src/git/upstream.ts'

test.each([
  ['all branches, as a clone has it', ['+refs/heads/*:refs/remotes/origin/*'], ['refs/remotes/origin/main']],
  ['one branch', ['refs/heads/main:refs/heads/theirs'], ['refs/heads/theirs']],
  ['several at once', ['+refs/heads/main:refs/a', '+refs/heads/m*n:refs/b/*'], ['refs/a', 'refs/b/ai']],
  ['others, one to leave out, and one that is kept nowhere', ['refs/tags/*:refs/t/*', '^refs/heads/x', 'main'], []],
  ['a pattern whose parts would overlap', ['refs/heads/main*main:refs/b/*'], []],
])('what follows a branch of the remote here: %s', (_, refspecs, expected) => {
  expect(trackedBy(refspecs, 'refs/heads/main')).toEqual(expected)
})
