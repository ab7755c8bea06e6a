import { chmodSync, existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

test('a kept side that the remote did not get since it was away for a moment goes there with a later push', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const [path, away] = [remote.root, `${remote.root}.away`]
  const hook = join(path, 'hooks', 'post-receive')
  here.git('commit', '-q', '--allow-empty', '-m', 'by hand')
  here.write('a.md', 'ours\n')
  here.git('commit', '-q', '-a', '-m', 'ours')
  pushFrom(there, { 'a.md': 'theirs\n' })
  // Away right after it has taken the branch, once.
  writeFileSync(hook, `#!/bin/sh\n[ -e "${away}.once" ] && exit 0\n: >"${away}.once"\nmv "${path}" "${away}"\n`)
  chmodSync(hook, 0o755)
  const { daemon, told } = await startMachine(here)
  await until('it is away', () => existsSync(away))
  await until('the push is over', () => told.some((line) => line.startsWith('pushed')))
  renameSync(away, path)
  const kept = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/')
  expect(kept).not.toBe('')
  expect(remote.git('for-each-ref', 'refs/workspace-sync/')).toBe('')
  here.write('b.md', 'b\n')
  await until('it is sent', async () => (await daemon.sync(null)).problem === null)
  const mirrored = (): string => remote.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/')
  await until('the kept side is there', () => mirrored() === kept)
})
