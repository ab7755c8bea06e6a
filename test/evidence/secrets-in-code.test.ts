import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'

const found = async (text: string) => (await scanSecrets(Buffer.from(text))).map(({ kind }) => kind)
/** Put together at run time: the repository itself holds no password. */
const bird = ['pel', 'ican'].join('')
const birds = `${bird}s`
const bird7 = ['Pel', 'ican7'].join('')

/** A program, since it branches: nothing else in it is a setting. */
const script = (lines: string): string => `#!/bin/sh\n${lines}\nif [ -z "$1" ]; then\n  exit 1\nfi\nmysql app\n`

const inScripts: readonly (readonly [string, string])[] = [
  ['an exported word', `export DB_PASSWORD=${bird}`],
  ['an exported word with a digit', `export DB_PASSWORD=${bird7}`],
  ['a word', `MYSQL_PWD=${bird}\nexport MYSQL_PWD`],
  ['a word of a function', `f() {\n  local db_pass=${birds}\n}`],
  ['the environment of a command', `PGHOST=db PGPASSWORD=${bird} psql app`],
]

test.each(inScripts)('what a shell script is given is a literal: %s', async (_, lines) => {
  expect(await found(script(lines))).toEqual(['password'])
})

test('a batch file sets literals, too', async () => {
  expect(await found(`@echo off\r\nif x (\r\n  set DB_PASSWORD=${bird}\r\n)\r\n`)).toEqual(['password'])
})

test('what a shell script looks up or leaves open is none', async () => {
  const lines = 'PASSWORD=$1\nexport DB_PASSWORD=$(cat /run/secrets/db)\nPASS=\nPASSWORD=changeme\nlocal pass=secret'
  expect(await found(script(lines))).toEqual([])
  expect(await found(script('PASSWORD=password mysql app\nPASSWORD = $OTHER\nPASSWORD=="$2"'))).toEqual([])
})

const inCode: readonly (readonly [string, string])[] = [
  ['a constant of PHP', `<?php\ndefine('DB_USER', 'app');\ndefine('DB_PASSWORD', '${birds}');\n`],
  ['a short one', `<?php\ndefine( "DB_PASS", "${bird}" );\nrequire 'x.php';\n`],
  ['a variable of a word and whose it is', `<?php\n$dbpass = '${birds}';\nfunction f() { return 1; }\n`],
  ['one with something between', `db_pass = '${bird7}'\nimport x\n`],
  ['one with a capital between', `const smtpPass = '${birds}'\nexport default smtpPass\n`],
  ['a member', `<?php\n$config['db']['pass'] = '${birds}';\nif (1) {}\n`],
  ['a member beside a user', `import x\nconst mail = { auth: { user: 'jane', pass: '${bird7}' } }\n`],
  ['a short word', `import x\npassword = '${bird}'\n`],
  ['a setter', `import x\nsource.setPassword("${birds}");\n`],
  ['a property', `import x\nprops.setProperty("password", "${birds}");\n`],
]

test.each(inCode)('in code a plain word counts where it is given to the very password: %s', async (_, text) => {
  expect(await found(text)).toEqual(['password'])
})

test('in code a plain word counts nowhere else', async () => {
  for (const text of [
    `import x\nconst report = { pass: '${birds}', fail: 'failing' }\n`,
    `import x\nexports.aliases = { allPass: 'overEvery', typePass: 'Salasana' }\n`,
    `import x\nif (password == '${birds}' || getPassword('${birds}')) {}\n`,
    `import x\nform.setAttribute('password', 'required')\noption('password', '${birds}')\n`,
    `<?php\ndefine('TEXT_PASSWORD', 'Heslo');\ndefine('NEW_PASS', 'changeme');\n`,
  ])
    expect(await found(text), text).toEqual([])
})

test('what is assigned in code without quotes is an expression', async () => {
  expect(await found(`import x\nclass A:\n  db_password = ${birds}\n  password=${birds}\n`)).toEqual([])
})

const expressions: readonly (readonly [string, string])[] = [
  ['slices', 'token = token[7:]\nsecret = secret[16:32]\nb_credential = b_credential[:-1]\n'],
  [
    'indexes',
    'import sys\ndef f():\n    password = sys.argv[-1]\n    self.password = v[i+1]\n    passwd = a[b.c1][0]\n',
  ],
  ['calls in indexes', 'func f() {\n\tpassword := parts[len(parts)-1]\n}\n'],
  [
    'names with digits',
    'def f():\n    password = x1.y2\n    passwd = self.p1.text2\n    nid_key = self._lib.NID_aes_256_cbc\n',
  ],
  ['a name of another room', 'import ed25519\nEd25519PrivateKey = ed25519.Ed25519PrivateKey\ndef f(): pass\n'],
]

test.each(expressions)('an expression is no value: %s', async (_, text) => {
  expect(await found(text)).toEqual([])
})

const nextLines: readonly (readonly [string, string])[] = [
  ['a statement of Python', "if x:\n    pass\nfmt = 'v%d+x1'\n"],
  ['a member that is read', "x = y.password\nversion = 'v1.2+3a!b'\n"],
  ['a value that is given back', "def f():\n    return password\n\nDEFAULT = 'a1b2!c3'\n"],
  ['an import', "from x import token\nfoo = 'Ab3dE7gH9jK2mN5pQ8sT1'\n"],
  ['a reader of Ruby', "attr_reader :password\nFOO = 'a1b2!c3'\n"],
]

test.each(nextLines)(
  'what the next line assigns is not given to a name at the end of this one: %s',
  async (_, text) => {
    expect(await found(text)).toEqual([])
  },
)

test('samples that every manual shows, and tags of packages, are none', async () => {
  expect(await found(`url = 'postgresql://${['scott', 'tiger'].join(':')}@db.corp.io/test'\n`)).toEqual([])
  expect(await found(`token: xoxb-${'1234-56789'.concat('abcdefghijklmnopqrstuvwxyz')}\n`)).toEqual([])
  expect(await found('Wheel-Version: 1.0\nTag: cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64\n')).toEqual([])
  expect(await found('Wheel-Version: 1.0\nTag: cp311-cp311-manylinux_2_27_x86_64\n')).toEqual([])
})
