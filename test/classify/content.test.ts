import { expect, test } from 'vitest'
import type { TreeEntry } from '../../src/types.ts'
import { blobOid, classifierWith, committed, judged, plainFile } from '../support/judging.ts'

function contentOf(name: string, before: string | null, now: string | null, world: Parameters<typeof judged>[2] = {}) {
  return judged(classifierWith(''), name, {
    entry: now === null ? null : plainFile,
    base: before === null ? null : committed(before),
    bytes: now === null ? null : Buffer.from(now),
    baseBytes: before === null ? null : Buffer.from(before),
    ...world,
  })
}

const machine: readonly (readonly [string, string])[] = [
  ['log', 'app.log'],
  ['log', 'deep/er/app.log.1'],
  ['log', 'app.log.12.gz'],
  ['log', 'app.log-20261120'],
  ['log', '.log'],
  ['log', '.bash_history'],
  ['log', 'home/.viminfo'],
  ['backup', 'notes.md.bak'],
  ['backup', 'a.backup'],
  ['backup', 'a.backup.3'],
  ['backup', 'a.py.orig'],
  ['backup', 'a.txt~'],
  ['cache', 'web/node_modules/left/index.js'],
  ['cache', '.cache/thing'],
  ['cache', 'pkg/__pycache__/a.pyc'],
  ['cache', '.venv/lib/site.py'],
]

test.each(machine)('an untracked %s is blocked without a read: %s', (format, name) => {
  const { verdict, needs } = contentOf(name, null, 'x')
  expect(verdict).toMatchObject({ decision: 'block', layer: 'content', content: { format, outcome: 'machine' } })
  expect(needs).toEqual(['scope', 'writer', 'base'])
})

test.each(machine)('a tracked %s is judged by what it holds: %s', (_, name) => {
  expect(contentOf(name, 'a', 'b').verdict.decision).toBe('sync')
})

const personal = [
  'catalog',
  'log.md',
  'blog/a.md',
  'changelog',
  'login.logic',
  'a.log.md',
  'bak',
  '.bak',
  '~',
  'a~b',
  'origin',
  'backup.md',
  'node_modules.md',
  'node_modules',
  'build/a.js',
  'dist/a.js',
  'vendor/a.go',
  'env/a.py',
  'target/a',
  'cache/a',
  '.gradle/gradle.properties',
]

test.each(personal)("a person's untracked file is not swallowed: %s", (name) => {
  expect(contentOf(name, null, 'x').verdict).toMatchObject({ decision: 'sync', content: { outcome: 'changed' } })
})

test('a touch without a change is none, in a SHA-1 and in a SHA-256 repository', () => {
  const touched = contentOf('a.txt', 'same', 'same')
  expect(touched.verdict).toMatchObject({ decision: 'block', layer: 'content', content: { outcome: 'same' } })
  expect(touched.needs).not.toContain('baseBytes')
  const base: TreeEntry = { mode: '100644', oid: blobOid(Buffer.from('same'), 'sha256') }
  expect(contentOf('a.txt', 'same', 'same', { base }).verdict.content?.outcome).toBe('same')
  expect(contentOf('a.txt', 'same', 'sane', { base }).verdict.content?.outcome).toBe('changed')
})

test('the same bytes with another mode or kind are a change, found without reading them', () => {
  const executable = contentOf('a.sh', 'same', 'same', { entry: { ...plainFile, executable: true } })
  expect(executable.verdict).toMatchObject({ decision: 'sync', content: { outcome: 'changed' } })
  expect(executable.needs).not.toContain('bytes')
  const link = contentOf('a', 'same', 'same', { entry: { ...plainFile, kind: 'link' } })
  expect(link.verdict.content?.outcome).toBe('changed')
  const executableBase = { base: committed('same', '100755'), entry: { ...plainFile, executable: true } }
  expect(contentOf('a.sh', 'same', 'same', executableBase).verdict.content?.outcome).toBe('same')
})

test('a link is compared by its text, and never as JSON', () => {
  const link = { entry: { ...plainFile, kind: 'link' as const }, base: committed('{"timestamp":1}', '120000') }
  expect(contentOf('a.json', '', '{"timestamp":1}', link).verdict.content?.outcome).toBe('same')
  expect(contentOf('a.json', '', '{"timestamp":2}', link).verdict.content?.outcome).toBe('changed')
})

test('a deletion is a change; a file that never was committed and is gone is none', () => {
  expect(contentOf('a.txt', 'a', null).verdict).toMatchObject({ decision: 'sync', content: { detail: 'deleted' } })
  expect(contentOf('a.txt', null, null).verdict).toMatchObject({ decision: 'block', content: { outcome: 'same' } })
})

test('a directory is no change by itself, and the deletion of the file whose place it took', () => {
  const entry = { ...plainFile, kind: 'directory' as const }
  expect(contentOf('a', null, 'x', { entry }).verdict.decision).toBe('block')
  expect(contentOf('a', 'a', 'x', { entry }).verdict.decision).toBe('sync')
})

test('what cannot be read counts as changed', () => {
  expect(contentOf('a.json', '{}', '{}', { bytes: null }).verdict.content?.outcome).toBe('changed')
  expect(contentOf('a.json', '{"a":1}', '{"a":2}', { baseBytes: null }).verdict.content?.outcome).toBe('changed')
})

test('JSON in which only volatile members differ is blocked, and they are named', () => {
  const before = '{\n  "timestamp": 1,\n  "a": {"lastUpdate": 1, "b": [1]}\n}'
  const { verdict } = contentOf('s.json', before, before.replaceAll(/(timestamp|lastUpdate)": 1/g, '$1": 2'))
  expect(verdict).toMatchObject({ decision: 'block', layer: 'content' })
  expect(verdict.content).toMatchObject({ format: 'json', outcome: 'volatile', changed: [] })
  expect(verdict.content?.volatile).toEqual(['.timestamp', '.a.lastUpdate'])
})

test('JSON in which anything else differs is a change, and what differs is named', () => {
  const { verdict } = contentOf(
    'S.JSON',
    '{"timestamp":1,"a":{"b":[1,2],"odd key":1,"same":[{}]},"gone":1}',
    '{"timestamp":2,"a":{"b":[1,3,4],"odd key":2,"same":[{}]},"new":null}',
  )
  expect(verdict).toMatchObject({ decision: 'sync', layer: 'default', class: 'code' })
  expect(verdict.content).toEqual({
    format: 'json',
    outcome: 'changed',
    changed: ['.a.b[1]', '.a.b[2]', '.a["odd key"]', '.gone', '.new'],
    volatile: ['.timestamp'],
    detail: 'members differ: .a.b[1], .a.b[2], .a["odd key"], …',
  })
})

test('a change that parsing hides is a change all the same, with nothing to name', () => {
  const { verdict } = contentOf('a.json', '{"a":9007199254740993}', '{"a":9007199254740992}')
  expect(verdict).toMatchObject({ decision: 'sync', content: { outcome: 'changed', changed: [] } })
})

test.each(['json', 'yaml', 'toml'])('a name that may be a token is not told: %s', (format) => {
  const tokens = ['a1', 'b2', 'c3'].map((start) => start + 'x'.repeat(30))
  const text = (value: number): string => {
    if (format === 'json') return JSON.stringify(Object.fromEntries(tokens.map((token) => [token, value])))
    return tokens.map((token) => `${token}${format === 'yaml' ? ':' : ' ='} ${value}\n`).join('')
  }
  const { content } = contentOf(`a.${format}`, text(1), text(2)).verdict
  expect(content?.changed).toHaveLength(3)
  expect(content?.changed.every((name) => /^\.<[\da-f]{6}>$/.test(name))).toBe(true)
  expect(new Set(content?.changed).size).toBe(3)
  expect(JSON.stringify(content)).not.toContain('xxx')
})

function numbered(value: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, value])))
}

test('names are listed up to twenty, however many differ', () => {
  expect(contentOf('a.json', numbered(1), numbered(2)).verdict.content?.changed).toHaveLength(20)
})

test('what is an object under a volatile name is compared as any, and may be nested 1,000 deep', () => {
  const deep = '{"a":'.repeat(1000) + '1' + '}'.repeat(1000)
  const { verdict } = contentOf('a.json', `{"timestamp":${deep},"a":1}`, `{"timestamp":${deep},"a":2}`)
  expect(verdict.content).toMatchObject({ changed: ['.a'], volatile: [] })
  const schema = contentOf('a.json', '{"timestamp":{"type":"string"}}', '{"timestamp":{"type":"integer"}}')
  expect(schema.verdict).toMatchObject({ decision: 'sync', content: { changed: ['.timestamp.type'], volatile: [] } })
  const mixed = contentOf('a.json', '{"timestamp":1}', '{"timestamp":"a word"}')
  expect(mixed.verdict).toMatchObject({ decision: 'sync', content: { changed: ['.timestamp'], volatile: [] } })
  const inside = contentOf('a.json', `{"b":${deep}}`, `{"b":${deep.replace('1', '2')}}`)
  expect(inside.verdict.content?.changed).toHaveLength(1)
})

test('unless both sides can be analysed, JSON counts as changed', () => {
  expect(contentOf('a.json', '{"timestamp":1}', '{"timestamp":2').verdict.content?.outcome).toBe('changed')
  expect(contentOf('a.json', '{"timestamp":1,}', '{"timestamp":2}').verdict.content?.outcome).toBe('changed')
  expect(contentOf('a.json', '{"timestamp":1,}', '{"timestamp":2,}').verdict.content?.outcome).toBe('changed')
  expect(contentOf('a.json', '{"timestamp":1,}', '{"timestamp":1,}').verdict.content?.outcome).toBe('same')
  expect(contentOf('a.txt', '{"timestamp":1}', '{"timestamp":2}').verdict.content?.outcome).toBe('changed')
})

test('the committed version is read once while it stays the committed one', () => {
  const classifier = classifierWith('')
  const before = Buffer.from('{"timestamp":1,"a":1}')
  const world = { base: committed(before), baseBytes: before }
  const tick = (text: string) => judged(classifier, 'a.json', { ...world, bytes: Buffer.from(text) })
  expect(tick('{"timestamp":2,"a":1}').needs).toContain('baseBytes')
  const again = tick('{"timestamp":3,"a":1}')
  expect(again.needs).not.toContain('baseBytes')
  expect(again.verdict.content).toMatchObject({ outcome: 'volatile', volatile: ['.timestamp'] })
  before.fill(0)
  expect(tick('{"timestamp":3,"a":2}').verdict.content).toMatchObject({ outcome: 'changed', changed: ['.a'] })
})

function large(timestamp: number, a: number): string {
  return JSON.stringify({ long: 'x'.repeat(1_100_000), timestamp, a })
}

test('a version larger than a megabyte is compared, though its members are not named', () => {
  expect(contentOf('a.json', large(1, 1), large(2, 1)).verdict.content).toMatchObject({
    outcome: 'volatile',
    volatile: [],
  })
  expect(contentOf('a.json', large(1, 1), large(2, 2)).verdict.content).toMatchObject({
    outcome: 'changed',
    changed: [],
  })
})
