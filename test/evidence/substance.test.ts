import { expect, test } from 'vitest'
import { lookInside } from '../../src/evidence/evidence.ts'
import { substanceOf } from '../../src/evidence/substance.ts'

const key = ['A', ...Array.from({ length: 67 }, (_, at) => 'bC3dE5fG7hJ9'[at % 12])].join('')

const cases: readonly (readonly [string, string, 'nothing' | 'prose' | 'values'])[] = [
  ['an empty file', '', 'nothing'],
  ['remarks', '# TOKEN=1\n; a=b\n// c\n\n', 'nothing'],
  ['names without values', 'API_KEY=\nexport TOKEN=""\n[section]\npassword:\n', 'nothing'],
  ['stand-ins and references', 'A=your-key\nB=${B}\nC=<token>\nD={{ d }}\nE=changeme\nF=xxxxxxxx\n', 'nothing'],
  [
    'references to what lies elsewhere',
    'A=$B_2\nC=${D:-}\nE=op://vault/item/password\nF=%HOME%\nG=https://api.example.org:8443/v1\nH=~/bin\nI=/usr/bin\n',
    'nothing',
  ],
  ['what only begins like a reference', 'PASSWORD=$up3rs3tl1ng\n', 'values'],
  ['what only begins like a path', 'PASSWORD=/t1ger77x\n', 'values'],
  ['what only begins like a scheme', 'PASSWORD=data:t1ger77\n', 'values'],
  ['a value that stands in for one not set', 'PASSWORD=${DB_PASSWORD:-t1ger77}\n', 'values'],
  ['a hook of the web', `HOOK=https://corp.intranet.org/hook/${key.slice(0, 20)}\n`, 'values'],
  ['a stand-in with a value behind it', `PASSWORD=changeme-${key.slice(0, 20)}\n`, 'values'],
  ['empty members', '{\n  "token": "",\n  "auths": {}\n}\n', 'nothing'],
  ['a public key', `ssh-rsa ${key} jane@host\n`, 'nothing'],
  ['a certificate', `-----BEGIN CERTIFICATE-----\n${key}\n${key}\n-----END CERTIFICATE-----\n`, 'nothing'],
  ['words for people', 'Put your own key here.\nSee the manual for how to make one.\n', 'prose'],
  ['a value', 'NODE_ENV=production\n', 'values'],
  ['one digit', 'KEY=1\n', 'values'],
  ['a login', 'https://jane:a@git.example.com\n', 'values'],
  ['a long drawn word', `${key}\n`, 'values'],
  ['a line of words and a value', 'This is it:\npassword=x1\n', 'values'],
  ['bytes', '\0\0', 'values'],
  ['very much', '# remark\n'.repeat(10_000), 'values'],
]

test.each(cases)('%s', (_, text, expected) => {
  expect(substanceOf(Buffer.from(text))).toBe(expected)
})

test('a look tells secrets, substance and an unsettled conflict together', async () => {
  const conflict = ['text', '<<<<<<< HEAD', 'a', '=======', 'b', '>>>>>>> side', ''].join('\n')
  expect(await lookInside(Buffer.from(conflict))).toEqual({ secrets: [], substance: 'values', conflictLine: 2 })
  expect((await lookInside(Buffer.from(conflict, 'utf16le'))).conflictLine).toBe(2)
  expect((await lookInside(Buffer.from('Heading\n=======\n'))).conflictLine).toBeNull()
})
