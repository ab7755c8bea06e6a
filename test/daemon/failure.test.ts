import { expect, test } from 'vitest'
import { failureOf } from '../../src/daemon/failure.ts'
import { SyncError } from '../../src/errors.ts'
import { repositoryError } from '../../src/git/failures.ts'

test('what git could not answer keeps its name on its way through an exception, and is tried again', () => {
  const failure = {
    name: 'corrupt',
    detail: 'a blob is missing',
    hint: 'run: git fsck --full',
    heals: 'person',
  } as const
  expect(failureOf(repositoryError(failure))).toEqual({ ...failure, heals: 'backoff' })
  expect(failureOf(new SyncError('lock', 'm', 'h'))).toEqual({
    name: 'unknown',
    detail: 'm',
    hint: 'h',
    heals: 'backoff',
  })
})

test('a bug of ours stays one', () => {
  expect(() => failureOf(new TypeError('no such member'))).toThrow(TypeError)
})
