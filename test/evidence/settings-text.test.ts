import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'

const word = ['lob', 'ster'].join('')
const found = async (text: string) => (await scanSecrets(Buffer.from(text))).map(({ kind }) => kind)

const settings: readonly (readonly [string, unknown])[] = [
  ['a login', { host: 'h', user: 'u', password: word }],
  ['a login of few members', { id: 'x', password: word }],
  ['logins in a list', { servers: [{ host: 'h', user: 'u', password: word, port: 22 }] }],
  ['logins of a registry', { auths: { x: { username: 'j', password: word } } }],
]

test.each(settings)('JSON says the same on one line as on many: %s', async (_, value) => {
  expect(await found(JSON.stringify(value, null, 2))).toEqual(['password'])
  expect(await found(JSON.stringify(value))).toEqual(['password'])
  expect(await found(`\r\n${JSON.stringify(value)}\r\n`)).toEqual(['password'])
})

test('a catalogue of messages is none of settings, on one line or on many', async () => {
  const messages = { greeting: 'Dobry den a vitejte u nas', password: 'heslo', help: 'Co se tu da delat' }
  expect(await found(JSON.stringify(messages))).toEqual([])
  expect(await found(JSON.stringify({ login: 'Prihlasit', password: 'Heslo', cancel: 'Zrusit' }))).toEqual([])
})

test('what only begins like JSON is code', async () => {
  expect(await found(`{"a":1,"password":"${word}"`)).toEqual([])
})
