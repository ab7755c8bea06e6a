import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { commitMessage } from '../../src/commit/message.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import type { PlanEntry } from '../../src/types.ts'

const signature = { id: 'i-1', host: 'clone-7', writer: null, template: 'sync: {summary}', skipCi: false }
const edit = (path: string): PlanEntry => ({ path: pathBytes(path), mode: '100644', oid: 'a'.repeat(40) })
const removal = (path: string): PlanEntry => ({ path: pathBytes(path), mode: null, oid: null })
const subject = (...entries: readonly PlanEntry[]) => commitMessage(entries, signature).split('\n', 1)[0]

test('one file is named, several are counted with the directory they share', () => {
  expect(subject(edit('docs/notes.md'))).toBe('sync: edit docs/notes.md')
  expect(subject(removal('docs/notes.md'))).toBe('sync: delete docs/notes.md')
  expect(subject(edit('docs/a'), edit('docs/b/c'), removal('docs/d'))).toBe('sync: 3 files in docs')
  expect(subject(edit('docs/a'), edit('docs-2/b'))).toBe('sync: 2 files')
  expect(subject(edit('a/b/c/x'), edit('a/b/d/y'))).toBe('sync: 2 files in a/b')
})

test('the body names the paths and the trailers tell where it came from', () => {
  const message = commitMessage([edit('a'), removal('b')], { ...signature, writer: 'agent claude' })
  expect(message).toBe(
    'sync: 2 files\n\n* a\n- b\n\nWorkspace-Sync-Id: i-1\nWorkspace-Sync-Host: clone-7\nWorkspace-Sync-Writer: agent claude\n',
  )
})

test('beyond fifty paths the rest is counted', () => {
  const message = commitMessage(
    Array.from({ length: 60 }, (_, at) => edit(`f${at}`)),
    signature,
  )
  expect(message.split('\n').filter((line) => line.startsWith('* '))).toHaveLength(50)
  expect(message).toContain('and 10 more\n')
})

test('a template may use what is known, and cannot make a second line', () => {
  const message = commitMessage([edit('d/a'), edit('d/b')], {
    ...signature,
    template: 'wip({directory}): {count}\n{nope}',
  })
  expect(message.split('\n', 1)[0]).toBe('wip(d): 2 {nope}')
})

test('a request not to build stands before the trailers, which stay trailers', () => {
  const message = commitMessage([edit('a')], { ...signature, skipCi: true })
  expect(message).toContain('\n\n[skip ci]\n\nWorkspace-Sync-Id: i-1\n')
})

test('no name can end a line, look like a trailer or make the subject long', () => {
  const name = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((units) => Buffer.from(units).toString('latin1'))
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      const entries = names.map((path): PlanEntry => ({ path: pathOfLatin1(path), mode: null, oid: null }))
      const [first = '', ...rest] = commitMessage(entries, signature).split('\n')
      expect(Array.from(first).length).toBeLessThanOrEqual(72)
      expect(rest.filter((line) => line.startsWith('Workspace-Sync-'))).toHaveLength(2)
      expect(rest.filter((line) => line.startsWith('- '))).toHaveLength(names.length === 1 ? 0 : names.length)
    }),
  )
})
