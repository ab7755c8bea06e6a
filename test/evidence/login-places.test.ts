import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'
import { diceOf } from '../support/seed.ts'

const dice = diceOf(47)
/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function drawn(count: number, alphabet = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'): string {
  return Array.from({ length: count }, () => alphabet[dice.between(0, alphabet.length - 1)]).join('')
}
const hex = (count: number): string => drawn(count, '0123456789abcdef')
const chosen = (): string => `Otter${drawn(4, '0123456789')}`
const word = ['otter', 'holt'].join('')
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const found = async (text: string) => (await scanSecrets(Buffer.from(text))).map(({ kind }) => kind)

const leaks: readonly (readonly [string, string])[] = [
  ['a list of arguments', JSON.stringify({ mcpServers: { gh: { args: ['x', '--token', drawn(40)] } } }, null, 1)],
  ['a list of arguments in code', `import subprocess\nsubprocess.run(['mysql', '--password', '${chosen()}'])\n`],
  ['a list of arguments in yaml', `spec:\n  args:\n    - --password\n    - ${chosen()}\n`],
  ['a client of a database', `#!/bin/sh\nif x; then\n  mysqldump --password=${word} -u root x\nfi\n`],
  ['an address of Go', `db, err := sql.Open("mysql", "root:${chosen()}@tcp(10.0.0.1:3306)/db")\n`],
  ['an address of Oracle', `String u = "jdbc:oracle:thin:scott/${chosen()}@10.0.0.5:1521:orcl";\n`],
  ['a token in an address', `pip install --index-url https://${drawn(40)}@pkgs.corp.io/simple x\n`],
  ['a password for programs', `createTransport({auth:{user:'x@gmail.com',pass:'qkzj wmpa tbnd yfhe'}})\n`],
  ['a proxy', `listen s\n  stats auth admin:${chosen()}\n`],
  ['users of a proxy', `userlist u\n  user x insecure-password ${word}\n`],
  ['users of a pool', `"pgb" "md5${hex(32)}"\n`],
  ['an installation', `<unattend><AutoLogon><Password><Value>${chosen()}</Value></Password></AutoLogon></unattend>\n`],
  ['a parameter of a stack', `Parameters:\n  DBPassword:\n    Type: String\n    Default: ${chosen()}\n`],
  ['a variable of a plan', `variable "db_password" {\n  type = string\n  default = "${chosen()}"\n}\n`],
  ['a store of Composer', JSON.stringify({ 'github-oauth': { 'github.com': hex(40) } })],
  ['a Mailgun key', `requests.post(u, auth=("api", "${hex(32)}-${hex(8)}-${hex(8)}"))\n`],
  ['what people are told', `# Box\n\nroot pw is ${chosen()}.\n`],
  ['what people are told in quotes', `The admin password is: \`${chosen()}\`\n`],
  ['a Telegram address', `url = https://api.telegram.org/bot${drawn(9, '123456789')}:AA${drawn(33)}/sendMessage\n`],
  ['a login of Python', `import requests\nrequests.get(u, auth=('jeff', '${chosen()}'))\n`],
  ['a login of Go', `req.SetBasicAuth("jeff", "${chosen()}")\nfunc main() {}\n`],
  ['a header of a server', `server { proxy_set_header Authorization "Bearer ${drawn(40)}"; }\n`],
  [
    'a login in a header of a server',
    `server { proxy_set_header Authorization "Basic ${base64(`jane:${chosen()}`)}"; }\n`,
  ],
  ['a recording of requests', JSON.stringify({ name: 'Authorization', value: `Bearer ${drawn(40)}` })],
  ['a sketch for a board', `#define WIFI_SSID "home"\n#define WIFI_PASSWORD "${word}s"\n`],
  ['a setting of a machine', `profile::db::password: ${word}\nprofile::db::user: x\n`],
  ['a mail client', `[Repository x]\nremoteuser = u\nremotepass = ${chosen()}\n`],
  ['a phrase', `[DEFAULT]\nuser=ocid1\npass_phrase=${chosen()}\n`],
  ['a table in a page', `# Logins\n\n| site | user | password |\n| --- | --- | --- |\n| x.io | jeff | ${chosen()} |\n`],
  ['a cluster in JSON', JSON.stringify({ apiVersion: 'v1', kind: 'Secret', data: { db: base64(chosen()) } }, null, 1)],
  ['a cluster on one line', JSON.stringify({ kind: 'Secret', stringData: { db: chosen() } })],
]

test.each(leaks)('%s', async (_, text) => {
  expect((await found(text)).length).toBeGreaterThan(0)
  expect((await found(text.replaceAll('\n', '\r\n'))).length).toBeGreaterThan(0)
})

const harmless: readonly (readonly [string, string])[] = [
  [
    'arguments without values',
    `args: ['--password', '$PASSWORD', '--token', 'your-token', '--password', '<password>']\n`,
  ],
  [
    'options of a program',
    `program.option('--password', 'the password')\n["--token", "--user"]\n- --password\n- --user\n`,
  ],
  ['a project at a service', `dsn = "https://${hex(32)}@errors.corp.io/12"\n`],
  ['words of four letters', `const pass = 'this that then when'\n`],
  ['a sentence', 'The password is case-sensitive. The password was changed 12 days ago. A pw is 8 characters.\n'],
  ['a parameter that is left open', `Parameters:\n  DBPassword:\n    Type: String\n    Default: changeme\n`],
  ['a member of a class', `void f() {\n  Login::password = readPassword1();\n  Foo::token = a1;\n}\n`],
  ['a name of a setting', `#define PROP_PASSWORD "user_password"\n#define KEY_TOKEN "token"\n`],
  [
    'a table of settings',
    '# Redis\n\n| setting | type | what |\n| --- | --- | --- |\n| `pass` | string | its password |\n| `port` | number | 6379 |\n',
  ],
  ['an id', `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}\n`],
]

test.each(harmless)('nothing is taken amiss in %s', async (_, text) => {
  expect(await found(text)).toEqual([])
})
