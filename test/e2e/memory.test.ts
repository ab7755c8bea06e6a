import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { startChild } from '../support/child.ts'
import { makeWorkspace, program } from '../support/workspace.ts'

/** Says at the end how much room V8 has taken for young objects, both halves. */
const telling = `
const { getHeapSpaceStatistics } = require('node:v8')
process.on('exit', () => {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  process.stderr.write('young ' + Math.round(young.space_size / 1024 / 1024) + ' MB')
})
`

test('all that a start loads makes V8 take no more room for young objects than a daemon keeps', async (context) => {
  const { repo, root, env } = makeWorkspace(context)
  const told = join(dirname(repo.root), 'telling.cjs')
  writeFileSync(told, telling)
  const command = [process.execPath, '--require', told, program, 'start', '--once', '-C', root]
  const child = startChild(context, command, { cwd: root, env })
  expect(await child.ended).toBe(0)
  expect(Number(/young (\d+) MB/.exec(child.err())?.[1])).toBeLessThanOrEqual(8)
})
