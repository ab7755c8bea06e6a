import { expect, test } from 'vitest'
import { debugLine } from '../../src/cli/messages/debug.ts'
import { historyLine, noHistory } from '../../src/cli/messages/history.ts'
import { undoText } from '../../src/cli/messages/undo.ts'

const oid = '0123456789abcdef0123456789abcdef01234567'

test('a commit is one line, with what is known about it and no more', () => {
  const commit = { oid, subject: 'sync: edit a\u001b[2J', writer: 'unknown', where: 'pushed', undoes: null } as const
  const unknown = { trigger: null, tookMs: null } as const
  expect(historyLine({ ...commit, ...unknown }, 't')).toBe('t  0123456789  sync: edit a\\u{1b}[2J  (on the remote)')
  const known = { trigger: 'turn', tookMs: 35, writer: 'claude', where: 'waiting', undoes: oid } as const
  expect(historyLine({ ...commit, ...known }, 't')).toContain(
    '(not pushed, end of a turn, writer claude, undoes 0123456789, 35 ms)',
  )
  expect(noHistory(true)).not.toBe(noHistory(false))
})

test('an undo names the commit, each path, what was left alone, and what comes next', () => {
  const paths = [
    { path: 'a.md', change: 'restored' },
    { path: 'b.md', change: 'removed' },
  ] as const
  const undone = { commit: oid, undoes: oid.replace('0', 'f'), subject: 'sync: 2 files', paths, kept: ['c.md'] }
  expect(undoText(undone, true).split('\n')).toEqual([
    'undid f123456789 (sync: 2 files) with commit 0123456789:',
    '  restored a.md',
    '  removed  b.md',
    '  left as it is, for it just changed: c.md',
    'it is pushed like any other commit; workspace-sync undo once more takes the undo back',
  ])
  expect(undoText(undone, false)).toContain('pushed after the next workspace-sync start')
  expect(undoText({ ...undone, commit: null, kept: [] }, false)).toMatch(
    /^would undo .*:\n {2}restored a\.md\n.*b\.md$/,
  )
})

test('a decision is one line, in color only where asked, and a name cannot act on the terminal', () => {
  const writer = { kind: 'agent', name: 'claude', tier: 'T1' }
  const told = {
    path: 'a\u001b[2J',
    verdict: 'block',
    provisional: false,
    layer: 'rules',
    reason: 'BLOCK a',
    class: 'code',
    writer,
    tookMs: 0.25,
  } as const
  expect(debugLine(told, '12:00:00', false)).toBe(
    '12:00:00 block a\\u{1b}[2J  rules: BLOCK a, by agent "claude" (T1) (0.3 ms)',
  )
  expect(debugLine({ ...told, verdict: 'sync', provisional: true, writer: null }, 't', true)).toBe(
    't \u001b[32msync \u001b[0m a\\u{1b}[2J  rules: BLOCK a, waits (code) (0.3 ms)',
  )
})
