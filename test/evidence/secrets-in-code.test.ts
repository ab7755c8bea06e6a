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
