import { expect, test } from 'vitest'
import { describeTroubles, rootGone, tooManyDirectories } from '../../src/events/troubles.ts'
import { pathBytes } from '../../src/types.ts'

const limits = { watches: 1_000_000, watchesHere: 1_000_000, instances: 128, instancesHere: 128 }
const trouble = (code: string, count = 1, path = 'a b') => ({ code, count, path: pathBytes(path) })

test('without troubles there is nothing to tell', () => {
  expect(describeTroubles([], 10, limits)).toBeNull()
})

test('a used-up limit on watches names the setting that is too low and a number that will do', () => {
  const told = describeTroubles([trouble('ENOSPC', 7)], 100, { ...limits, watches: 8_192 })
  expect(told).toEqual({
    reason: "7 of 100 directories cannot be watched: the system's limit on file watches is used up",
    remedy: 'sudo sysctl fs.inotify.max_user_watches=524288',
  })
})

const remedy = (watches: number, known: number) =>
  describeTroubles([trouble('ENOSPC')], known, { ...limits, watches, watchesHere: null })?.remedy

test('the proposed limit is at least twice the present one and twice the directories', () => {
  expect(remedy(524_288, 10)).toBe('sudo sysctl fs.inotify.max_user_watches=1048576')
  expect(remedy(8_192, 600_000)).toBe('sudo sysctl fs.inotify.max_user_watches=2097152')
})

test('a lower limit of the user namespace is the one that is named', () => {
  const told = describeTroubles([trouble('ENOSPC')], 100, { ...limits, watchesHere: 100 })
  expect(told?.remedy).toBe('sudo sysctl user.max_inotify_watches=524288')
})

test('a used-up limit on instances names instances and open files', () => {
  const told = describeTroubles([trouble('EMFILE')], 100, limits)
  expect(told?.remedy).toBe('sudo sysctl fs.inotify.max_user_instances=1024; or raise `ulimit -n`')
})

test('an unreadable directory is named', () => {
  const told = describeTroubles([trouble('EACCES')], 3, limits)
  expect(told?.reason).toBe('1 of 3 directories cannot be watched: no permission to read "a b"')
  expect(describeTroubles([trouble('EACCES', 1, '')], 3, limits)?.reason).toContain('read the workspace')
})

test('of several troubles the one of the most directories is told', () => {
  const told = describeTroubles([trouble('EACCES', 2), trouble('ENOSPC', 5), trouble('EIO', 1)], 9, limits)
  expect(told?.reason).toContain('5 of 9')
})

test('every other trouble has a reason and a remedy too', () => {
  for (const code of ['ENAMETOOLONG', 'EIO', 'ENFILE', 'EPERM', tooManyDirectories, rootGone]) {
    const told = describeTroubles([trouble(code)], 9, limits)
    expect(told?.reason.length).toBeGreaterThan(10)
    expect(told?.remedy.length).toBeGreaterThan(10)
  }
})
