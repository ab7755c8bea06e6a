import { expect, test } from 'vitest'
import { sentTo, trackedBy } from '../../src/git/upstream.ts'

test.each([
  ['all branches, as a clone has it', ['+refs/heads/*:refs/remotes/origin/*'], ['refs/remotes/origin/main']],
  ['one branch', ['refs/heads/main:refs/heads/theirs'], ['refs/heads/theirs']],
  ['several at once', ['+refs/heads/main:refs/a', '+refs/heads/m*n:refs/b/*'], ['refs/a', 'refs/b/ai']],
  ['others, one to leave out, and one that is kept nowhere', ['refs/tags/*:refs/t/*', '^refs/heads/x', 'main'], []],
  ['a pattern whose parts would overlap', ['refs/heads/main*main:refs/b/*'], []],
])('what follows a branch of the remote here: %s', (_, refspecs, expected) => {
  expect(trackedBy(refspecs, 'refs/heads/main')).toEqual(expected)
})

test.each([
  ['to review', ['HEAD:refs/for/main'], ['refs/for/main']],
  ['to review, by the other name of HEAD', ['+@:refs/for/main%topic=x'], ['refs/for/main%topic=x']],
  ['what has the same name there', [':'], ['refs/heads/main']],
  ['HEAD alone', ['HEAD'], ['refs/heads/main']],
  ['a short name', ['main', '+main:main'], ['refs/heads/main', 'refs/heads/main']],
  ['to another branch', ['main:other', 'refs/heads/x:refs/heads/main'], ['refs/heads/other']],
  ['into a folder', ['refs/heads/*:refs/heads/wip/*'], ['refs/heads/wip/main']],
  ['everything', ['*:*'], ['refs/heads/main']],
  ['everything but it', ['refs/heads/*:refs/heads/*', '^refs/heads/main'], []],
  ['another branch only', ['refs/heads/x:refs/heads/y'], []],
])('where a plain push sends a branch: %s', (_, refspecs, expected) => {
  expect(sentTo(refspecs, 'refs/heads/main')).toEqual(expected)
})
