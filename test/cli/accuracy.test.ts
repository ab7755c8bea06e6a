import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Score } from '../../src/accuracy/accuracy.ts'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace } from '../support/run-cli.ts'

/**
 * Noise that the shipped rules and layers let through as of the last recording: what nothing but a look at the writer or
 * the loop breaker can know (a program's new files, build output), and what only that program knows.
 */
const falseSyncMax = 27
const pathsMin = 300

const head = '{"trace":1,"scenario":"mine","about":"a test"}'
const line = (path: string, wanted: string, now = 'x\n') =>
  JSON.stringify({ path, by: 'person', class: 'notes', wanted, before: null, now })

test('over the recorded traces nothing of a person is kept back, no harm leaves, and noise is no more than it was', async () => {
  const { code, out, err } = await cliPlace().run(['filters', 'check', '--accuracy', '--json'])
  expect(err).toBe('')
  const score = JSON.parse(out) as Score
  expectShape('filters check --accuracy', score)
  const harm = score.wrong.filter(({ fault }) => fault !== 'falseSync')
  expect(harm.map(({ path, fault, reason }) => `${fault} ${path}: ${reason}`)).toEqual([])
  expect(score.total.falseSync).toBeLessThanOrEqual(falseSyncMax)
  expect(score.total.paths).toBeGreaterThanOrEqual(pathsMin)
  expect(score.scenarios).toHaveLength(
    readdirSync(new URL('../../fixtures/traces', import.meta.url)).filter((name) => name.endsWith('.jsonl')).length,
  )
  expect(code).toBe(0)
})

test('a rule that blocks what somebody wants is found by one’s own trace, and exits 1', async () => {
  const place = cliPlace()
  writeFileSync(join(place.root, 'mine.jsonl'), [head, line('notes/a.md', 'sync'), line('b.md', 'sync')].join('\n'))
  expect((await place.run(['filters', 'check', '--accuracy', 'mine.jsonl'])).code).toBe(0)
  writeFileSync(join(place.configDir, 'filters', 'mine.rules'), 'BLOCK:notes/**:not mine\n')
  const { code, out } = await place.run(['filters', 'check', '--accuracy', 'mine.jsonl'])
  expect(code).toBe(1)
  expect(out).toContain('notes/a.md: block (rules: BLOCK notes/**')
  expect(out).toContain('1 of 2 paths right (50.0 %); something wanted is kept back, or a harm leaves')
})

test('a file that is no trace, or is not there, is told by name and line', async () => {
  const place = cliPlace()
  writeFileSync(join(place.root, 'bad.jsonl'), `${head}\n{}\n`)
  const bad = await place.run(['filters', 'check', '--accuracy', 'bad.jsonl'])
  expect(bad.code).toBe(2)
  expect(bad.err).toMatch(/^error: bad\.jsonl:2: .+\nfixtures\/traces\/README\.md says how a trace is written\n$/)
  const missing = await place.run(['filters', 'check', '--accuracy', 'missing.jsonl'])
  expect(missing.err).toBe('error: missing.jsonl cannot be read (ENOENT)\nname an existing trace file\n')
})
