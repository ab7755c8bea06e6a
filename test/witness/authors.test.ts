import { expect, test } from 'vitest'
import { pathBytes, type DiskEntry, type Writer } from '../../src/types.ts'
import { Authors } from '../../src/witness/authors.ts'

const path = pathBytes('shared.md')
const bot: Writer = { kind: 'autonomous', name: 'bot', tier: 'T1', confidence: 0.99, policy: 'block', session: null }

const seen = (fingerprint: string) => ({ fingerprint, inode: '1', sizeBytes: 10 })

function writerOf(authors: Authors, fingerprint: string): string {
  const entry = { fingerprint, changedAtMs: 0 } as DiskEntry
  return authors.answer({ path, entry, fromMs: 0, toMs: 0 })?.name ?? 'unknown'
}

const known = (): Authors =>
  new Authors(
    () => false,
    () => true,
  )

test('an edit made while a commit of the file is under way is still somebody’s when a program writes next', () => {
  const authors = known()
  authors.claim(path, seen('A'), 'unknown')
  authors.reading(path)
  authors.claim(path, seen('B'), 'unknown')
  authors.dealt(path, 'A')
  authors.claim(path, seen('C'), bot)
  expect(writerOf(authors, 'C')).toBe('unknown')
  authors.reading(path)
  authors.dealt(path, 'C')
  authors.claim(path, seen('D'), bot)
  expect(writerOf(authors, 'D')).toBe('bot')
})

test('a program that writes while the commit of somebody’s edit is under way does not pass for them afterwards', () => {
  const authors = known()
  authors.claim(path, seen('A'), 'unknown')
  authors.reading(path)
  authors.claim(path, seen('B'), bot)
  authors.dealt(path, 'A')
  expect(writerOf(authors, 'B')).toBe('bot')
})

test('an edit that nobody was seen to make while the commit was under way is not forgotten either', () => {
  const authors = known()
  authors.claim(path, seen('A'), 'unknown')
  authors.reading(path)
  expect(authors.answer({ path, entry: { fingerprint: 'B', changedAtMs: 0 } as DiskEntry, fromMs: 0, toMs: 900 })).toBe(
    null,
  )
  authors.dealt(path, 'A')
  authors.claim(path, seen('C'), bot)
  expect(writerOf(authors, 'C')).toBe('unknown')
})
