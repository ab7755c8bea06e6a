import { expect, test } from 'vitest'
import { tellNotices } from '../../src/cli/tell-notices.ts'
import { untold } from '../../src/notices/notices.ts'
import { processes } from '../../src/platform/platform.ts'
import type { Context } from '../../src/cli/context.ts'
import { cliPlace, pretendWorkTree } from '../support/run-cli.ts'

test('what git is asked to run before a push takes no notice away, for the daemon pushes too', async () => {
  const { root } = cliPlace()
  const stateDir = pretendWorkTree(root)
  const us = processes.identity(process.pid)
  if (us === null) throw new Error('this process lives')
  untold.write(stateDir, us, [{ key: 'a', kind: 'held', text: 'held: a' }])
  let said = ''
  const context = { directory: root, json: false, quiet: false, err: (text: string) => void (said += text) } as Context
  await tellNotices(context, 'health', true)
  expect(said).toBe('')
  await tellNotices(context, 'health', false)
  expect(said).toBe('notice: held: a\n')
  await tellNotices(context, 'health', false)
  expect(said).toBe('notice: held: a\n')
})
