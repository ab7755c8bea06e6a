import { expect, test } from 'vitest'
import { decideUndo, type UndonePath } from '../../src/commit/commit.ts'
import { pathBytes, type TreeEntry } from '../../src/types.ts'

const old: TreeEntry = { mode: '100644', oid: 'a' }
const made: TreeEntry = { mode: '100644', oid: 'b' }
const newer: TreeEntry = { mode: '100644', oid: 'c' }

function path(changed: Partial<UndonePath>): UndonePath {
  const standing = { head: made, disk: made, staging: 'none', othersBelow: false } as const
  return { path: pathBytes('a'), before: old, after: made, ...standing, ...changed }
}

test('each path goes back to what it was: content, mode, kind, being there at all', () => {
  const script: TreeEntry = { mode: '100755', oid: 'a' }
  const decision = decideUndo([
    path({ path: pathBytes('edited') }),
    path({ path: pathBytes('added'), before: null }),
    path({ path: pathBytes('deleted'), after: null, head: null, disk: null }),
    path({ path: pathBytes('mode'), before: script }),
  ])
  expect(decision).toEqual({
    kind: 'undo',
    entries: [
      { path: 'added', mode: null, oid: null },
      { path: 'deleted', mode: '100644', oid: 'a' },
      { path: 'edited', mode: '100644', oid: 'a' },
      { path: 'mode', mode: '100755', oid: 'a' },
    ],
  })
})

test.each([
  ['was committed again since', { head: newer, disk: newer }],
  ['was committed again since', { head: null, disk: null }],
  ['has changes that are not committed', { disk: newer }],
  ['has changes that are not committed', { disk: null }],
  ['has changes that are not committed', { disk: { mode: '100755', oid: 'b' } }],
  ['has changes that are not committed', { after: null, head: null, disk: newer }],
  ['is staged', { staging: 'staged' }],
  ['has a merge conflict in the index', { staging: 'unmerged' }],
  ['cannot be read', { disk: 'unreadable' }],
  ['is a directory now', { disk: 'directory' }],
  ['is a directory now, with other files in it', { after: null, head: null, disk: 'directory', othersBelow: true }],
  ['is a submodule', { after: { mode: '160000', oid: 'b' }, head: { mode: '160000', oid: 'b' } }],
] as const)('a path that %s stops the whole undo (%j)', (reason, changed) => {
  const decision = decideUndo([path({ path: pathBytes('free') }), path({ path: pathBytes('stuck'), ...changed })])
  expect(decision).toEqual({ kind: 'refused', obstacles: [{ path: 'stuck', reason }] })
})

test('what is as before already needs nothing, and is in nobody’s way', () => {
  const back = path({ path: pathBytes('back'), head: old, disk: newer, staging: 'staged' })
  expect(decideUndo([back])).toEqual({ kind: 'nothing' })
  expect(decideUndo([back, path({})])).toMatchObject({ kind: 'undo', entries: [{ path: 'a' }] })
})

test('a file that became a directory of the same commit can come back', () => {
  const decision = decideUndo([
    path({ path: pathBytes('a'), after: null, head: { mode: '040000', oid: 't' }, disk: 'directory' }),
    path({ path: pathBytes('a/b'), before: null }),
  ])
  expect(decision.kind).toBe('undo')
})
