import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { makeWorkspace } from '../support/workspace.ts'

test('whoever asks for a file by name is told when what lies here is not on the remote', async (context) => {
  const workspace = makeWorkspace(context, { 's.json': '{"timestamp":1,"a":1}\n', 'b.md': 'b\n', 'c.md': 'c\n' })
  await startDaemon(workspace)
  const sync = (path: string) => workspace.run(['sync', path])
  workspace.repo.write('s.json', '{"timestamp":2,"a":1}\n')
  expect(await sync('s.json')).toMatchObject({
    code: 1,
    err: 'error: not on the remote: s.json: what lies here is not synced\nthis says why: workspace-sync test-filter s.json\n',
  })
  // Of everything nobody said that this must be there.
  expect(await workspace.run(['sync'])).toMatchObject({ code: 0, err: '' })

  workspace.repo.git('update-index', '--assume-unchanged', 'b.md')
  expect(await sync('b.md')).toMatchObject({ code: 0 })
  workspace.repo.write('b.md', 'edited\n')
  expect(await sync('b.md')).toMatchObject({ code: 1, err: expect.stringContaining('b.md: what lies here is not') })

  writeFileSync(join(workspace.repo.root, 'c.md'), 'edited\n')
  expect(await sync('c.md')).toMatchObject({ code: 0, err: '' })
  expect(workspace.onRemote('c.md')).toBe('edited\n')
})
