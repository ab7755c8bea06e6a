import { expect, test } from 'vitest'
import { transferFailure } from '../../src/git/embedded/transfer-failures.ts'

const answered = (said: string, beside = '') =>
  transferFailure('push', {
    kind: 'refused',
    said: `${beside}One or more branches were not updated: \n  - refs/heads/main: ${said}`,
  })
const [one, other] = ['1'.repeat(40), '2'.repeat(40)]

test.each([
  [
    'an older git',
    'failed to update ref',
    `remote: error: cannot lock ref 'refs/heads/main': is at ${one} but expected ${other}\n`,
  ],
  [
    'an older git, for a new branch',
    'failed to update ref',
    "remote: error: cannot lock ref 'refs/heads/main': reference already exists\n",
  ],
  ['a later git', 'incorrect old value provided', ''],
  ['a later git, for a new branch', 'reference already exists', ''],
  ['JGit', 'failed to lock', ''],
])('a remote branch that somebody else moved meanwhile is asked for again, whoever says it: %s', (_, said, beside) => {
  expect(answered(said, beside)).toMatchObject({ name: 'unknown', heals: 'backoff' })
})

test('other refusals wait for a person, also when a hook speaks of locks', () => {
  expect(answered('failed to update ref')).toMatchObject({ name: 'rejected', heals: 'person' })
  const hook = 'remote:   - refs/heads/main: failed to lock\n'
  expect(answered('pre-receive hook declined', hook)).toMatchObject({ name: 'hook-refused', heals: 'person' })
})
