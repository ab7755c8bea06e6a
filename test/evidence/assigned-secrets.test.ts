import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { foundAssigned } from '../../src/evidence/assigned-secrets.ts'
import { scanSecrets } from '../../src/evidence/secrets.ts'
import { diceOf } from '../support/seed.ts'

const dice = diceOf(7)

/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function drawn(count: number, alphabet = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'): string {
  return Array.from({ length: count }, () => alphabet[dice.between(0, alphabet.length - 1)]).join('')
}
const digits = '0123456789'
const letters = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ${digits}`
const bytes = Array.from({ length: 256 }, (_, at) => String.fromCharCode(at)).join('')
const keyboard = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  .join('')
  .replace(/['"\\`]/g, '-')
const hex = (count: number): string => drawn(count, '0123456789abcdef')
const base64 = (text: string): string => Buffer.from(text).toString('base64')
/** A word and a number, as people choose them. */
const chosen = (): string => `sunny${drawn(3, '0123456789')}meadow!`
/** A word and nothing else, which only a file of settings makes a password. */
const word = ['meadow', 'lark'].join('')
const crypt = (kind: string, count: number): string => `$${kind}$${drawn(8)}$${drawn(count)}`
const found = (text: string) => scanSecrets(Buffer.from(text))

const leaks: readonly (readonly [string, string])[] = [
  ['ini', `[database]\nhost = db.intranet\nuser = app\npassword = ${word}\n`],
  ['ini of a server', `[Server]\nName=Voice\nAdminPassword=${word}\nPort=3784\n`],
  ['properties', `spring.datasource.url=jdbc:mysql://db/app\nspring.datasource.password=${chosen()}\n`],
  ['an environment file', `DB_HOST=localhost\nDB_PASSWORD=${word}\nAPP_DEBUG=true\n`],
  ['an environment file with quotes', `APP_KEY="base64:${base64(drawn(24))}"\n`],
  ['a shell profile', `alias ll='ls -l'\nif [ -f x ]; then\n  . x\nfi\nexport SLACK_TOKEN=${drawn(32)}\n`],
  ['a shell profile with quotes', `PATH=$PATH:~/bin\nexport HOMEBREW_GITHUB_API_TOKEN="${hex(40)}"\n`],
  ['a shell script', `#!/bin/sh\nset -e\nMYSQL_PASS='${chosen()}'\nmysqldump -u root\n`],
  ['yaml', `production:\n  adapter: mysql2\n  username: app\n  password: ${word}\n`],
  ['yaml with quotes', `api:\n  client_secret: "${drawn(30)}"\n`],
  ['rails secrets', `production:\n  secret_key_base: ${hex(128)}\n`],
  ['json', JSON.stringify({ host: 'ftp.example.org', user: 'deploy', password: chosen() }, null, 2)],
  ['json in one line', JSON.stringify({ name: 'a', apiKey: drawn(32) })],
  ['json of a browser', JSON.stringify({ logins: [{ hostname: 'a', encryptedPassword: `MDoE${drawn(40)}==` }] })],
  ['json of a cloud', JSON.stringify({ HEROKU_API_KEY: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}` })],
  ['docker logins', JSON.stringify({ auths: { 'https://r.example.org': { auth: base64(`jane:${drawn(12)}`) } } })],
  ['an npm login', `_auth=${base64(`jane:${drawn(12)}`)}\nemail=jane@example.org\n`],
  ['xml elements', `<?xml version="1.0"?>\n<Server>\n<Host>h</Host>\n<Pass encoding="base64">${base64(word)}</Pass>\n`],
  ['xml attributes', `<server host="h">\n  <fileTransfer username="jane" password="${drawn(22)}" port="22" />\n`],
  ['php defines', `<?php\ndefine('DB_USER', 'app');\ndefine('DB_PASSWORD', '${chosen()}');\n`],
  [
    'php keys',
    `<?php\n${['AUTH', 'NONCE', 'SECURE_AUTH'].map((name) => `define( '${name}_KEY',  '${drawn(64, keyboard)}' );\n`).join('')}`,
  ],
  ['php arrays', `<?php\nreturn [\n  'username' => 'app',\n  'password' => '${chosen()}',\n];\n`],
  ['php variables', `<?php\n$dbhost = 'h';\n$dbpass = '${chosen()}';\n`],
  [
    'python',
    `import os\nSECRET_KEY = '${drawn(50, 'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)')}'\nDEBUG = True\n`,
  ],
  ['python dictionaries', `DATABASES = {\n  'default': {\n    'USER': 'app',\n    'PASSWORD': '${chosen()}',\n`],
  ['python arguments', `conn = connect(host='h', user='u', password='${chosen()}')\n`],
  ['ruby symbols', `Config = {\n  :user => 'app',\n  :password => '${chosen()}',\n}\n`],
  ['ruby keywords', `Mail.defaults do\n  delivery_method :smtp, user_name: 'a', password: '${chosen()}'\nend\n`],
  ['javascript', `module.exports = {\n  consumer_secret: '${drawn(40)}',\n}\n`],
  ['javascript constants', `const accessToken = "${drawn(40)}";\nlogin(accessToken)\n`],
  ['sql users', `CREATE USER 'app'@'%' IDENTIFIED BY '${chosen()}';\n`],
  [
    'a dump of users',
    `INSERT INTO \`users\` (\`id\`, \`name\`, \`password\`) VALUES\n(1, 'jane', '${createHash('md5').update(word).digest('hex')}');\n`,
  ],
  ['a netrc', `machine api.example.org\n  login jane\n  password ${chosen()}\n`],
  ['a pgpass', `db.example.org:5432:app:jane:${chosen()}\n`],
  ['a shadow file', `root:*:18000:0:99999:7:::\njane:${crypt('6', 86)}:18000:0:99999:7:::\n`],
  ['an old shadow file', `jane:aB3${drawn(10)}:18000:0:99999:7:::\n`],
  ['an htpasswd', `jane:${crypt('apr1', 22)}\n`],
  ['an htpasswd with SHA', `jane:{SHA}${base64(drawn(20))}\n`],
  ['a bcrypt hash', `password_digest: $2y$10$${drawn(53)}\n`],
  ['a mail client', `set imap_user = "jane"\nset imap_pass = "${chosen()}"\n`],
  ['a mail relay', `host = mail.example.org\nuser = jane\npassword = "${word}"\n`],
  ['a key and nothing else', `${hex(32)}\n`],
  ['a drawn word and nothing else', `${drawn(44)}=\n`],
  ['a header', `curl -H "Authorization: Bearer ${drawn(40)}" https://api.example.org\n`],
]

test.each(leaks)('%s', async (_, text) => {
  expect((await found(text)).length).toBeGreaterThan(0)
  expect((await found(text.replaceAll('\n', '\r\n'))).length).toBeGreaterThan(0)
  expect(JSON.stringify(await found(text))).not.toMatch(/sunny|meadow/)
})

const harmless: readonly (readonly [string, string])[] = [
  ['prose', 'The password: it is asked for once. A token is a word; the key = the thing that opens.'],
  ['an environment file to be filled in', 'DB_PASSWORD=\nAPI_KEY=your-api-key\nSECRET=changeme\nTOKEN=<token>\n'],
  ['stand-ins', 'password=password\nsecret=secret\ntoken=xxxxxxxxxxxx\napi_key=1234567890\npass=********\n'],
  [
    'variables',
    'password=${DB_PASSWORD}\ntoken: {{ vault_token }}\nsecret_key = %(secret)s\nkey: $KEY\npass=`cat x`\n',
  ],
  [
    'variables in code',
    `const password = process.env.DB_PASSWORD\nconst token = getToken(user)\napiKey = os.environ['A1']\n`,
  ],
  ['types', `interface Login {\n  password: string\n  token?: Token\n  apiKey: string | null\n  secret: Buffer\n}\n`],
  ['labels', `{ "password": "Passwort", "token": "Zugangstoken", "secret": "Geheimnis", "apiKey": "API-Schlüssel" }`],
  ['labels of a form', `<label for="password">Password</label>\n<input type="password" name="password" id="pass1">\n`],
  [
    'names of other things',
    `token_type: bearer1234567890ab\npasswordField = 'login-field-22'\nsecretName: my-app-tls-2024a\n`,
  ],
  ['words that end alike', `monkey = 'a1b2c3d4e5f6g7h8i9'\ncompass: 'n0rth-ea5t-99x'\nkeyboard=qwertz2024Layout99x\n`],
  ['keys of maps', `key: 'user-list-2024'\n{ key: 'a1', value: 'b2' }\nsort_key = "created_at_1"\n`],
  ['object ids', `${hex(40)}\n`],
  ['checksums', `${hex(64)}\n`],
  ['a version', `1.22.333-beta.4\n`],
  ['lexers', `token = 'T_STRING_2'\nconst TOKEN = { EOF: 'eof' }\nif (token === 'identifier') next()\n`],
  [
    'addresses and paths',
    `token_url = https://id.example.org/oauth2\nprivate_key = ./keys/app1.pem\napi_key: /run/secrets/k1\n`,
  ],
  ['references', `password: !vault |\nsecret: ENC[AES256_GCM,data:a1b2c3d4]\ntoken: op://vault/item1/token\n`],
  ['tests of passwords', `expect(check({ password: 'short' })).toBe(false)\nuser.password = 'correct horse battery'\n`],
  [
    'integrity of a lock file',
    `"integrity": "sha512-${drawn(86)}==",\n"resolved": "https://r.example.org/a-1.0.0.tgz"\n`,
  ],
  ['a class of css', `.password { color: #a1b2c3 }\n.token.keyword { color: #07a }\n`],
  [
    'yaml of a workflow',
    `env:\n  GITHUB_TOKEN: \${{ secrets.GITHUB_TOKEN }}\n  key: cache-\${{ hashFiles('lock') }}-v1\n`,
  ],
]

test.each(harmless)('nothing is taken amiss in %s', async (_, text) => {
  expect(await found(text)).toEqual([])
})

const drawnKinds: readonly (readonly [string, () => string, string])[] = [
  ['bytes in base64', () => Buffer.from(drawn(32, bytes), 'latin1').toString('base64'), 'APP_KEY'],
  ['hex', () => hex(40), 'token'],
  ['letters and digits', () => drawn(32, letters), 'client_secret'],
  ['letters', () => drawn(32, 'abcdefghijklmnopqrstuvwxyz'), 'api_key'],
  ['letters and few digits', () => drawn(52, 'abcdefghijklmnopqrstuvwxyz234567'), 'api_key'],
  ['a password of a generator', () => drawn(16, `${letters}!@#%^&*`), 'password'],
]

test.each(drawnKinds)('of many drawn secrets hardly one is missed: %s', (_, draw, name) => {
  const seen = Array.from({ length: 500 }, () => foundAssigned(`{ "${name}": "${draw()}" }`).length > 0)
  expect(seen.filter(Boolean).length).toBeGreaterThan(470)
})
