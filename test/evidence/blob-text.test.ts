import { expect, test } from 'vitest'
import { lookInside } from '../../src/evidence/evidence.ts'
import { diceOf } from '../support/seed.ts'

const dice = diceOf(23)
const digits = Array.from({ length: 3 }, () => dice.between(0, 9)).join('')
const word = ['heron', 'reed'].join('')
const chosen = `Quiet${digits}harbour`

const leaks: readonly (readonly [string, string])[] = [
  ['an environment file', `DB_PASSWORD=${word}\n`],
  ['a line of yaml', `password: ${chosen}\n`],
  ['a section with its settings', `[db]\r\nhost=x\r\nuser=x\r\npassword=${word}\r\n`],
  ['a pgpass', `h:5432:db:u:${chosen}\n`],
  ['json', `{\n  "password": "${word}"\n}`],
]

const marked: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['UTF-8', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16, little end first', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16, big end first', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
]

test.each(marked)('a mark of byte order hides nothing in the first line: %s', async (_, encoded) => {
  for (const [what, text] of leaks) {
    const plain = await lookInside(Buffer.from(text))
    expect(plain.secrets, what).toHaveLength(1)
    expect((await lookInside(encoded(text))).secrets, what).toEqual(plain.secrets)
  }
  const { conflictLine } = await lookInside(encoded('<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> b\n'))
  expect(conflictLine).toBe(1)
})

test('a mark and nothing else is an empty text', async () => {
  for (const [, encoded] of marked) expect((await lookInside(encoded(''))).secrets).toEqual([])
})
