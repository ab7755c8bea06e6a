import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { watchElsewhere } from '../support/watch-elsewhere.ts'
import { temporaryFolder } from '../support/watched-tree.ts'

const isRoot = process.getuid?.() === 0
/** Permission bits stop nothing for root. */
const nobody = isRoot ? 65_534 : undefined

const command = (script: string) => [process.execPath, '--input-type=module', '-e', script] as const

test('an unreadable directory is told by name, the rest is watched, and it is followed once it may be read', async () => {
  const root = temporaryFolder()
  const closed = join(root, 'closed')
  mkdirSync(join(closed, 'sub'), { recursive: true })
  writeFileSync(join(closed, 'sub', 'file'), 'text')
  if (nobody !== undefined) for (const path of [root, closed, join(closed, 'sub')]) chownSync(path, nobody, nobody)
  chmodSync(closed, 0o000)
  const there = await watchElsewhere(root, command, nobody)
  expect(there.health()).toMatchObject({
    directories: 1,
    degraded: {
      reason: '1 of 2 directories cannot be watched: no permission to read "closed"',
      remedy: 'make it readable (chmod u+rx "closed"), or have git ignore it',
    },
  })
  writeFileSync(join(root, 'file'), 'text')
  await until('the rest is told', () => there.seen.has('file'))

  chmodSync(closed, 0o700)
  await until('healthy', () => there.health()?.degraded === null)
  expect(there.health()?.directories).toBe(3)
  writeFileSync(join(closed, 'sub', 'file'), 'more')
  await until('it is followed', () => there.seen.has('closed/sub/file'))
})
