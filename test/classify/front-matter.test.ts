import { expect, test } from 'vitest'
import { compared } from '../support/compared.ts'

const yaml = (timestamp: number, title = 'x', text = 'text\n'): string =>
  `---\ntitle: ${title}\ntimestamp: ${timestamp}\n---\n\n${text}`
const toml = (timestamp: number, title = 'x'): string =>
  `+++\ntitle = "${title}"\ntimestamp = ${timestamp}\n+++\ntext\n`

test.each(['a.md', 'a.markdown', 'a.mdx', 'a.MD'])('only volatile members of the front matter differ: %s', (name) => {
  expect(compared(name, yaml(1), yaml(2))).toMatchObject({
    format: 'front-matter',
    outcome: 'volatile',
    volatile: ['.timestamp'],
    detail: 'only volatile members differ: .timestamp',
  })
  expect(compared(name, toml(1), toml(2)).outcome).toBe('volatile')
})

test('one that is added or goes is volatile too, with Windows line ends and a byte order mark as well', () => {
  const without = '---\ntitle: x\n---\ntext\n'
  const withOne = '---\ntitle: x\nlast_update: 1\n---\ntext\n'
  expect(compared('a.md', without, withOne).outcome).toBe('volatile')
  expect(compared('a.md', withOne, without).outcome).toBe('volatile')
  const windows = (text: string): string => `\ufeff${text.replaceAll('\n', '\r\n')}`
  expect(compared('a.md', windows(yaml(1)), windows(yaml(2))).outcome).toBe('volatile')
})

test('anything else is a change, and named', () => {
  expect(compared('a.md', yaml(1), yaml(2, 'y'))).toMatchObject({ outcome: 'changed', changed: ['.title'] })
  expect(compared('a.md', yaml(1), yaml(2, 'x', 'other\n'))).toMatchObject({
    outcome: 'changed',
    changed: ['text'],
    volatile: ['.timestamp'],
  })
  expect(compared('a.md', toml(1), toml(2, 'y'))).toMatchObject({ outcome: 'changed', changed: ['.title'] })
  expect(compared('a.md', yaml(1), `${yaml(2)}\n`).outcome).toBe('changed')
})

const changed: readonly (readonly [string, string, string])[] = [
  ['the fence', yaml(1), yaml(1).replace('---\n\n', '--- \n\n')],
  ['the dialect', yaml(1), toml(1)],
  ['front matter that goes', yaml(1), 'text\n'],
  ['a head that is never closed', '---\ntimestamp: 1\ntext\n', '---\ntimestamp: 2\ntext\n'],
  ['a rule in the text', 'text\n\n---\ntimestamp: 1\n---\n', 'text\n\n---\ntimestamp: 2\n---\n'],
  ['a second block of the kind', `${yaml(1)}---\ntimestamp: 1\n---\n`, `${yaml(1)}---\ntimestamp: 2\n---\n`],
  ['a blank line first', `\n${yaml(1)}`, `\n${yaml(2)}`],
  ['another file', '---\ntimestamp: 1\n---\n', '---\ntimestamp: 1\n---\nx'],
]

test.each(changed)('a change: %s', (_, before, now) => {
  expect(compared('a.md', before, now).outcome).toBe('changed')
})

test('a note without front matter is told as any other file', () => {
  expect(compared('a.md', 'one\n', 'two\n')).toMatchObject({ format: 'other', detail: 'differs from HEAD' })
})

test('the text may be anything, also what is no text', () => {
  const note = (timestamp: number, last: number): Buffer =>
    Buffer.concat([Buffer.from(yaml(timestamp)), Buffer.of(last)])
  expect(compared('a.md', note(1, 0xff), note(2, 0xff)).outcome).toBe('volatile')
  expect(compared('a.md', note(1, 0xff), note(2, 0xfe)).outcome).toBe('changed')
})
