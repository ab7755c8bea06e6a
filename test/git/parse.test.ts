import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { quotedLine } from '../../src/git/dialogue.ts'
import { configEntries, pushStatus, statusPaths, treeEntries } from '../../src/git/parse.ts'
import { withoutProgress } from '../../src/git/progress.ts'
import type { PathBytes } from '../../src/types.ts'
import { heldMb } from '../support/heap.ts'

const oid = 'a'.repeat(40)

test('status lines give their paths, submodules and nested repositories left out', () => {
  const lines = [
    `1 .M N... 100644 100644 100644 ${oid} ${oid} with space and  two`,
    `1 .M SC.. 160000 160000 160000 ${oid} ${oid} submodule`,
    `u UU N... 100644 100644 100644 100644 ${oid} ${oid} ${oid} unmerged path`,
    '? new\nline',
    '? nested/',
    '! ignored/',
  ]
  const output = Buffer.from(lines.map((line) => `${line}\0`).join(''), 'latin1')
  expect(statusPaths(output, 'changed')).toEqual(['with space and  two', 'unmerged path', 'new\nline'])
  expect(statusPaths(output, '!')).toEqual(['ignored/'])
  expect(statusPaths(Buffer.alloc(0), 'changed')).toEqual([])
})

test('tree objects are read with the modes that old tools wrote', () => {
  const raw = Buffer.alloc(20, 0xaa)
  const entry = (text: string) => Buffer.concat([Buffer.from(`${text}\0`, 'latin1'), raw])
  const names = ['100664 group', '100755 run', '120000 link', '160000 module', '40000 dir', '100644 \xff\n']
  const entries = treeEntries(Buffer.concat(names.map(entry)), 20)
  expect([...entries].map(([name, { mode }]) => `${mode} ${name}`)).toEqual([
    '100644 group',
    '100755 run',
    '120000 link',
    '160000 module',
    '040000 dir',
    '100644 \xff\n',
  ])
  expect(entries.get('run')?.oid).toBe(oid)
})

test('a tree that was cut short gives what is whole and ends', () => {
  const whole = Buffer.concat([Buffer.from('100644 a\0'), Buffer.alloc(20)])
  for (let length = 0; length < whole.length; length += 1) treeEntries(whole.subarray(0, length), 20)
  expect(treeEntries(whole, 20).size).toBe(1)
})

test('configuration keeps values with line ends and keys without a value', () => {
  const output = Buffer.from('file:.git/config\0alias.x\na\nb\0file:/etc/gitconfig\0core.bare\0')
  expect(configEntries(output)).toEqual([
    { origin: 'file:.git/config', key: 'alias.x', value: 'a\nb' },
    { origin: 'file:/etc/gitconfig', key: 'core.bare', value: 'true' },
  ])
})

test('the status line of a push is found between the others', () => {
  const output = `To /r\n!\t${oid}:refs/heads/main\t[rejected] (fetch first)\nDone\n`
  expect(pushStatus(output)).toEqual({ flag: '!', summary: '[rejected] (fetch first)' })
  expect(pushStatus(`To /r\n \t${oid}:refs/heads/main\ta..b\nDone\n`)?.flag).toBe(' ')
  expect(pushStatus('')).toBeNull()
})

test('a quoted name is one line of ASCII whatever its bytes', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((units) => Buffer.from(units).toString('latin1'))
  fc.assert(
    fc.property(bytes, (name) => {
      const line = quotedLine(name as PathBytes).toString('latin1')
      expect(line).toMatch(/^(?:[\w./+-]+|"(?:[\w./+-]|\\[0-3][0-7]{2})*")\n$/)
    }),
  )
})

test('of what git says of a transfer its progress is left out, here and from the remote, and nothing else', () => {
  const said = [
    'Enumerating objects: 5, done.',
    'Counting objects: 100% (5/5), done.',
    'Delta compression using up to 2 threads',
    'Writing objects: 100% (3/3), 250 bytes | 250.00 KiB/s, done.',
    'Total 3 (delta 0), reused 0 (delta 0), pack-reused 0',
    'remote: Resolving deltas: 100% (1/1), completed with 1 local object.\u001b[K',
    'remote: error: 100% of the quota is used',
    'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413',
    'Writing objects:  50% (1/2)',
  ]
  expect(withoutProgress(said.join('\n'))).toBe(
    said
      .slice(6, 8)
      .map((line) => `${line}\n`)
      .join(''),
  )
})

test('a path that is kept does not keep the whole output that it was named in', () => {
  const line = (at: number): string => `? some-directory-of-the-workspace/file-number-${at}.txt\0`
  const output = Buffer.from(Array.from({ length: 15_000 }, (_, at) => line(at)).join(''))
  const { mb, held } = heldMb(() => statusPaths(output, 'changed').slice(0, 10))
  expect(held).toHaveLength(10)
  expect(mb).toBeLessThan(0.2)
})
