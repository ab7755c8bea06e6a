import { expect, test } from 'vitest'
import { makeWorkspace } from '../support/workspace.ts'

test('of several `start --once` at the same time each is done when everything is on the remote', async (context) => {
  const workspace = makeWorkspace(context)
  for (const round of ['one\n', 'two\n']) {
    workspace.repo.write('first.md', round)
    // One has the lock; the others come while it begins, and while it ends.
    const all = await Promise.all([1, 2, 3].map(() => workspace.run(['start', '--once'])))
    expect(all.map(({ code, err }) => [code, err])).toEqual(all.map(() => [0, '']))
    expect(workspace.onRemote('first.md')).toBe(round)
  }
})
