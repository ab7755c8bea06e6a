import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'
import { diceOf } from '../support/seed.ts'

const dice = diceOf(31)
const found = async (text: string) => (await scanSecrets(Buffer.from(text))).map(({ kind }) => kind)
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** All that a keyboard has but quotes and what escapes them. */
const keyboard = `${letters}!@#$%^&*()-_=+[]{};:,.<>?/|~`
const drawn = (count: number): string =>
  Array.from({ length: count }, () => keyboard[dice.between(0, keyboard.length - 1)]).join('')

const places: readonly (readonly [string, (value: string) => string])[] = [
  ['ini', (value) => `[db]\nhost=10.0.0.1\nuser=app\npassword=${value}\n`],
  ['json', (value) => JSON.stringify({ host: 'h', user: 'u', password: value })],
  ['yaml', (value) => `db:\n  host: h\n  user: u\n  password: '${value}'\n`],
  ['xml', (value) => `<a>\n<password>${value.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</password>\n</a>\n`],
  ['a variable', (value) => `import x\npassword = '${value}'\n`],
  ['a constant', (value) => `<?php\nrequire 'x.php';\ndefine('DB_PASSWORD', '${value}');\n`],
  ['an argument', (value) => `import x\nc = x.connect(host='h', user='u', password='${value}')\n`],
  ['a name of a secret', (value) => `import x\nCLIENT_SECRET = '${value}'\n`],
]

test.each(places)('of passwords drawn from the whole keyboard few are missed: %s', async (_, written) => {
  for (const length of [12, 16, 24]) {
    let missed = 0
    for (let count = 0; count < 100; count++) if ((await found(written(drawn(length)))).length === 0) missed++
    expect(missed, String(length)).toBeLessThan(15)
  }
})

test('in a connection string a password goes on until the next semicolon', async () => {
  for (const value of ['Ti(ger)&77,x', 'aB{3|x}<9>kQ'])
    expect(
      await found(`x = "Server=db;Database=a;User Id=sa;Password=${value};Encrypt=no"\nfunction a() {}\n`),
    ).toEqual(['password'])
})

const mixed = ['Ti', 'ger77'].join('')

test('in settings a sign makes no expression of a password', async () => {
  for (const value of [`${mixed})`, 'Tiger&&77x', '~Tiger77x', 'Ti::ger77', '{Tiger}77'])
    expect(await found(`[a]\nhost=x\npassword=${value}\n`), value).toEqual(['password'])
})

test('letters beyond ASCII hide nothing', async () => {
  for (const value of ['Straße77x', 'Äpfel7788', 'Pass€7788xy', 'voilà77Été', 'пароль1234']) {
    expect(await found(`[a]\nhost=x\npassword=${value}\n`), value).toEqual(['password'])
    expect(await found(JSON.stringify({ host: 'x', password: value })), value).toEqual(['password'])
  }
  for (const label of ['Пароль', 'Пароль:', 'Contraseña', 'Senha não é opcional'])
    expect(await found(`host: x\npassword: "${label}"\n`), label).toEqual([])
})

test('what stands in where nothing is set is a value', async () => {
  for (const text of [
    `spring:\n  datasource:\n    password: \${DB_PASSWORD:${mixed}88}\n`,
    `db.password=\${db.password:${mixed}88}\n`,
    `import x\nP = env('DB_PASSWORD', default='${mixed}88')\n`,
    `require 'x'\nx = ENV.fetch('X_PASSWORD') { '${mixed}88' }\n`,
    `x: {{ .Values.password | default "${mixed}88" }}\n`,
    `x: "{{ db_password | default('${mixed}88') }}"\n`,
  ])
    expect(await found(text), text).toEqual(['password'])
  expect(
    await found(
      'a:\n  password: ${DB_PASSWORD:}\n  secret: ${a.b.secret:changeme}\n  password: ${env:DOCKER_HUB_PASSWORD}\n',
    ),
  ).toEqual([])
})

test('expressions, patterns and references are none, however mixed', async () => {
  for (const value of [
    'getPassword(userId1)',
    '${Vault.Db1.Password}',
    '{{ vault_Db1_Pass }}',
    '^[A-Za-z0-9]{8,20}$',
    'op://Private/Db1/password',
    'https://Example1.org/A?b=1',
    '/etc/Keys1/db.Pem',
    'this.props.Form1.password;',
    'ENC[AES256_GCM,data:aB3dE5gH]',
    '{cipher}aB3dE5gH7jK9mN1pQ4',
    '<PASSWORD_1a>',
    '13.0.0-next-8.29',
    '^1.22.0-Beta.4',
  ]) {
    expect(await found(`import x\npassword = "${value}"\nfunction a() {}\n`), value).toEqual([])
    expect(await found(`host: x\npassword: "${value}"\n`), value).toEqual([])
  }
})
