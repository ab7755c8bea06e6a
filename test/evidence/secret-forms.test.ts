import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'
import { diceOf } from '../support/seed.ts'

const dice = diceOf(11)

/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function drawn(count: number, alphabet = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'): string {
  return Array.from({ length: count }, () => alphabet[dice.between(0, alphabet.length - 1)]).join('')
}
const hex = (count: number): string => drawn(count, '0123456789abcdef')
const chosen = (): string => `cloudy${drawn(3, '0123456789')}harbour!`
const word = ['harbour', 'gull'].join('')
const letters = 'abcdefghijklmnopqrstuvwxyz'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const pass = ['pass', 'word'].join('')
const found = async (text: string | Buffer) => (await scanSecrets(Buffer.from(text))).map(({ kind }) => kind)

const leaks: readonly (readonly [string, string])[] = [
  ['a variable of a language with types', `var ${pass} string = "${word}"\nfunc main() {}\n`],
  ['another one', `const ${pass}: string = '${word}'\nexport function a() {}\n`],
  ['a setter', `import x\ndataSource.setPassword("${chosen()}");\n`],
  ['a builder', `import x\nbuilder.username("app").${pass}("${chosen()}").build();\n`],
  ['a fallback', `const secret = process.env.JWT_SECRET || '${drawn(24)}'\n`],
  ['a fallback of a look-up', `import os\nkey = os.environ.get('SECRET_KEY', '${drawn(40)}')\n`],
  ['a fallback of a shell', `#!/bin/sh\nAPI_TOKEN=\${API_TOKEN:-${drawn(30)}}\n`],
  ['a pair of name and value', JSON.stringify([{ name: 'DB_PASSWORD', value: chosen() }])],
  ['a pair in yaml', `env:\n  - name: DB_PASSWORD\n    value: ${word}\n`],
  ['a pair in xml', `<configuration>\n  <property name="${pass}" value="${word}"/>\n</configuration>\n`],
  ['elements that pair', `<entry>\n  <key>db.${pass}</key>\n  <value>${word}9</value>\n</entry>\n`],
  ['a default', `variable "db_${pass}" {\n  default = "${chosen()}"\n}\n`],
  ['CDATA', `<config>\n<${pass}><![CDATA[${word}]]></${pass}>\n</config>\n`],
  ['an image of a container', `FROM debian\nENV DB_PASSWORD ${chosen()}\nENV TOKEN=${drawn(32)}\n`],
  ['a compose file', `services:\n  db:\n    environment:\n      - MYSQL_ROOT_PASSWORD=${word}\n`],
  ['an inventory', `[web]\nhost1 ansible_user=jane ansible_ssh_pass=${chosen()}\n`],
  ['a build script', `credentials {\n  username "jane"\n  ${pass} "${word}"\n}\n`],
  ['a block of yaml', `login:\n  ${pass}: |\n    ${chosen()}\n  host: h\n`],
  ['a note', `# Wifi\n\n- network: home\n- ${pass}: ${chosen()}\n\nSome more text about it here.\n`],
  ['a connection string', `"Server=db;Database=a;User Id=sa;Password=${word};"\n`],
  ['a jdbc address', `url = "jdbc:mysql://db/a?user=app&${pass}=${word}"\n`],
  ['an address of mail', `Some words first: smtp://jane:${drawn(12)}@mail.intranet.example.com:587\n`],
  ['an address whose login has odd signs', `https://jane@intranet.example.com:${drawn(6)}!#@49@git.example.com\n`],
  ['curl', `#!/bin/sh\ncurl -s -u jane:${chosen()} https://api.example.org\n`],
  ['mysql', `mysqldump -u root -p${chosen()} app > a.sql\n`],
  ['a flag', `#!/bin/sh\ntool login --user jane --${pass} ${chosen()}\n`],
  ['sudo', `echo '${chosen()}' | sudo -S apt-get update\n`],
  ['a login given as arguments', `function a() {\n  conn.login('jane@corp.example.org', '${word}', done)\n}\n`],
  ['a database handle', `<?php\n$db = new mysqli('db', 'app', '${chosen()}', 'app');\n`],
  ['a role', `CREATE ROLE app LOGIN PASSWORD '${chosen()}';\n`],
  ['rows of users', `INSERT INTO users (id, name, ${pass}) VALUES (1, 'jane', '${word}'), (2, 'x', '${word}');\n`],
  ['rows of a copy', `COPY public.users (id, email, encrypted_${pass}) FROM stdin;\n1\ta@b.c\t${word}\n\\.\n`],
  ['an export of a browser', `name,url,username,${pass}\nshop,https://a.b,jane,${word}\n`],
  ['a cluster', `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  db: ${base64(chosen())}\n`],
  ['a cluster in clear', `kind: Secret\nstringData:\n  db: ${word}\n`],
  ['Django', `sha: pbkdf2_sha256$600000$${drawn(22)}$${drawn(43)}=\n`],
  ['Werkzeug', `x = 'scrypt:32768:8:1$${drawn(16)}$${hex(128)}'\n`],
  ['Argon2', `hash: $argon2id$v=19$m=65536,t=3,p=4$${drawn(22)}$${drawn(43)}\n`],
  ['phpass', `INSERT INTO x VALUES ('$P$B${drawn(30)}');\n`],
  ['MySQL', `IDENTIFIED BY PASSWORD '*${drawn(40, '0123456789ABCDEF')}'\n`],
  ['PostgreSQL', `ALTER ROLE a WITH ${pass.toUpperCase()} 'md5${hex(32)}';\n`],
  ['Windows', `Administrator:500:${hex(32)}:${hex(32)}:::\n`],
  ['a web key', `{"kty":"EC","crv":"P-256","x":"${drawn(43)}","y":"${drawn(43)}","d":"${drawn(43)}"}\n`],
  ['a symmetric web key', `{"k":"${drawn(43)}","kty":"oct"}\n`],
  ['a key of minisign', `untrusted comment: minisign encrypted secret key\nRW${drawn(80)}\n`],
  ['a WireGuard file', `[Interface]\nPrivateKey = ${base64(drawn(32)).slice(0, 43)}=\nAddress = 10.0.0.1/24\n`],
  ['a webhook', `url: https://discord.com/api/webhooks/${drawn(18, '123456789')}/${drawn(68)}\n`],
  ['a Google key', `key = AIza${drawn(35)}\n`],
  ['an unnamed drawn value', `mimi=${drawn(44)}\n`],
  ['psexec', `PSEXEC \\\\10.0.0.1 -u Administrator -p ${chosen()} cmd\n`],
  ['a share', `net use Z: \\\\host\\share /user:corp\\jane ${chosen()}\n`],
  ['sqlcmd', `sqlcmd -S host -U sa -P ${chosen()} -Q "select 1"\n`],
  ['sqlplus', `sqlplus -s jane/${chosen()}@orcl @x.sql\n`],
  ['plink', `plink -ssh jane@host -pw ${chosen()} ls\n`],
  ['mongodump', `mongodump -h db -u jane -p ${chosen()} --db x\n`],
  ['an archive', `7z a -p${chosen()} a.7z a\nzip -P ${chosen()} b.zip b\n`],
  ['lftp', `lftp -u jane,${chosen()} ftp.example.org\n`],
  ['a secure string', `New-It (ConvertTo-SecureString -String "${chosen()}" -AsPlainText -Force)\nfunction a { 1 }\n`],
  ['a script that answers', `spawn ssh jane@host\nexpect "${pass}:"\nsend "${chosen()}\\r"\ninteract\n`],
  ['a login of a word', `var c = new NetworkCredential("jane", "${word}");\nclass A {}\n`],
  ['a handle of a database', `my $dbh = DBI->connect("DBI:mysql:db", "jane", "${word}");\nprint 1;\n`],
  ['subversion', `K 8\n${pass}\nV 11\n${word}\nK 15\nsvn:realmstring\n`],
  ['a file system', `//host/share /mnt cifs username=jane,${pass}=${chosen()},uid=1000 0 0\n`],
  ['mail with a port', `machine imap.example.org login jane port 993 ${pass} ${chosen()}\n`],
  ['words for people', `The ${pass} for the box is '${chosen()}' at the moment.\n\nMore words here.\n`],
  ['a line of a note', `Bring some milk.\nThe Wifi ${pass}: ${chosen()}\nAnd call her on Monday.\n`],
  ['a remark', `import os\n# the old ${pass}: ${chosen()}\ndef f():\n  pass\n`],
  ['a remark behind code', `function a() {\n  let x = 1 // ${pass}: ${chosen()}\n}\n`],
  ['a name in other letters', `IRC_HOST=irc.example.org\nIRC_NICK=nick\nIRC_PASS=${['irc', 'pass'].join('_')}\n`],
  ['a key and nothing more', `see here\n[debug] using key=${drawn(32)} for that\nand there, where it is\n`],
  ['a line in a literal', `{"env": "API_TOKEN=${drawn(32)}\\nBACKUP=true"}\nfunction a() {}\n`],
  ['what is added to', `<?php\n$apiToken .= "${drawn(32)}";\nfunction a() {}\n`],
  ['a token in a remark', `function a() {}\n// the token: ${drawn(32)}\nfunction b() {}\n`],
  [
    'an environment that is printed',
    `run with {HOME=/root, API_TOKEN=${drawn(32)}, LC_ALL=C}, done\nfunction a() {}\n`,
  ],
  ['a word and a digit', `package main\nfunc main() {\n\tvar ${pass} = "${word}7"\n}\n`],
  ['a constant as an argument', `<?php\ncurl_setopt($ch, CURLOPT_USERPWD, "jane:${chosen()}");\nfoo();\n`],
  ['another constant', `int main() { curl_easy_setopt(c, CURLOPT_${pass.toUpperCase()}, "${drawn(16)}"); }\n`],
  ['a header of a command', `#!/bin/sh\ncurl -H "X-Api-Key: ${drawn(28)}" https://api.example.org\n`],
  ['a header in a literal', `let headers = ['PRIVATE-TOKEN: ${drawn(24)}', 'Accept: text/html']\nfunction a() {}\n`],
  ['text in a text', `{"config":"{\\"${pass}\\":\\"${chosen()}\\"}"}\n`],
  ['a notebook', `{"cells":[{"source":["${pass} = \\"${chosen()}\\"\\n"]}]}\n`],
  ['bytes', `package x\nvar apiKey = []byte("${drawn(28)}")\n`],
  ['lisp', `(setq erc-${pass} "${chosen()}")\n(defun x ())\n`],
  ['fish', `set -gx DB_${pass.toUpperCase()} ${chosen()}\nif true\nend\n`],
  ['a key store', `#!/bin/sh\nkeytool -genkey -storepass ${chosen()} -alias x\n`],
  ['a server', `requirepass ${chosen()}\nsave 900 1\nsave 300 10\n`],
  ['a connection string with a sign', `<add value="Server=db;User ID=app;Password=#${word};Trusted=False" />\n`],
  ['letters alone', `class A {\n  String apiKey = "${drawn(32, letters)}";\n}\n`],
  [
    'letters and few digits',
    `var personalAccessToken = "${drawn(52, `${letters}${letters}234567`)}"; // where\nclass A {}\n`,
  ],
  ['a token with a dot', `#!/bin/sh\nset -e\nVAULT_TOKEN="s.Z${drawn(23)}"\nrun\n`],
  [
    'a token with a short name',
    `#!/bin/sh\nset -e\nif true; then\n  run\nfi\nexport AZURE_PAT=${drawn(52, `${letters}234567`)}\n`,
  ],
  ['a line of a patch', `@@ -1 +1 @@\n-a b c\n+${pass}: ${chosen()}\n d e f\n`],
]

test.each(leaks)('%s', async (_, text) => {
  expect(await found(text)).not.toEqual([])
  expect(await found(text.replaceAll('\n', '\r\n'))).not.toEqual([])
  expect(await found(Buffer.from(text, 'utf16le'))).not.toEqual([])
  expect(await found(base64(text).replace(/(.{76})/g, '$1\n'))).not.toEqual([])
})

const behind: readonly (readonly [string, string])[] = [
  ['an example', `/**\n * @example\n * login()\n */\nexport const apiKey = "${drawn(40)}"\n`],
  [
    'an example in another remark',
    `/** @example a() */\n/**\n * api_key = "${drawn(40)}"\n */\nexport function a() {}\n`,
  ],
  ['a remark without one', `/**\n * Logs in.\n * api_key = "${drawn(40)}"\n */\nexport function a() {}\n`],
  ['a manual', `EXAMPLES = r"""\n- name: x\n"""\n\napi_key = "${drawn(30)}"\n\n\ndef main():\n    pass\n`],
  ['examples among other things', `{\n  "login": { "${pass}": "${chosen()}" },\n  "examples": {}\n}\n`],
]

test.each(behind)('%s hides nothing that stands behind it', async (_, text) => {
  expect(await found(text)).not.toEqual([])
})

const harmless: readonly (readonly [string, string])[] = [
  [
    'messages for people',
    `de:\n  ${pass}: Bitte das Passwort eingeben\n  token: Ein Wort fuer den Zugang\n  x: Etwas anderes\n`,
  ],
  ['labels in other languages', `{\n  "${pass}": "Contrase\u00f1a",\n  "token": "Schl\u00fcssel"\n}\n`],
  ['code that compares', `if (auth[0] === 'AWS4-HMAC-SHA256') sign(token)\nif (a.ownPass===b.ownPass&&c) d()\n`],
  [
    'members of objects',
    `function a() {\n  request.withCredentials = !!config.withCredentials;\n  b = { credentials: a?.b, }\n}\n`,
  ],
  ['strings about credentials', `throw new Error("a URL that includes credentials: "+url+"!")\n`],
  ['an input', `<input type="${pass}" id="account_pin" name="account[pin]" size="20">\n`],
  [
    'versions of packages',
    `{\n  "dependencies": {\n    "pbkdf2-${pass}": "1.2.1",\n    "some-token": "^4.0.0-rc.1"\n  }\n}\n`,
  ],
  ['variables of a bundler', `require$$2$3.validateContextObject('Query.off', 'context');\n`],
  ['a schema', `type User {\n  ${pass}: String!\n  token: ID\n}\ninput Login {\n  ${pass}: PasswordInput!\n}\n`],
  ['a class of python', `from a import b\nclass A:\n    ${pass}: str = Field()\n    token: SecretStr\n`],
  [
    'keys of a keyboard',
    `switch (event.key) {\n  case 'ArrowUp': return\n}\nconst key: 'ArrowUp' | 'Enter' = 'Enter'\n`,
  ],
  ['prose with two words', `${pass} required\ntoken expired\nkey missing\n`],
  ['a sealed secret', `kind: SealedSecret\nspec:\n  encryptedData:\n    ${pass}: AgBy8hCe8F3${'x'.repeat(4)}\n`],
  ['a cluster without values', `kind: Secret\nstringData:\n  ${pass}: "{{ .Values.password }}"\n  username: app\n`],
  ['values that are encrypted', `${pass}: ENC[AES256_GCM,data:${drawn(20)},iv:a,tag:b,type:str]\n`],
  ['a vault of ansible', `$ANSIBLE_VAULT;1.1;AES256\n${hex(80)}\n${hex(80)}\n`],
  ['encrypted credentials', `${drawn(60)}--${drawn(16)}--${drawn(22)}==\n`],
  ['an address of a manual', 'postgres://someuser:somepassword@somehost:381/somedatabase\n'],
  ['a heading', 'Password\n========\n\nIt is asked for.\n'],
  ['a log of a compiler', 'src/main.c:120:8:error:undeclared\nsrc/a.c:12:34:warning:unused1\n'],
  ['a table without values', `name,${pass}\njane,\nbob,\n`],
  ['a public key', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${drawn(40)} jane@host\n`],
  ['a picture', `.a { background: url(data:image/png;base64,${drawn(200)}) }\n`],
  ['checksums', `a.tgz: sha256-${drawn(43)}=\nintegrity=${drawn(64)}\n`],
  [
    'long names',
    `token = 'experimentalserverpackages'\nsecretKey: "applicationConfigurationIdentifier"\nfunction a() {}\n`,
  ],
  ['ports and paths', `mongo -h db -p 27017\nscp -P 2222 a b\nzip -P $PW a.zip a\nsqlplus /nolog@x\n`],
  ['words about words', `The ${pass} is "required" here, the ${pass} was 'md5' once.\nThe new ${pass}: see there\n`],
  [
    'types behind words',
    `class A {\n  private val ${pass}: Base64String\n  let ${pass}: Utf8String!\n  var ${pass}: [UInt8]?\n}\n`,
  ],
  ['a name of a name', `DB_HOST=h\nDB_USER=u\nDB_${pass.toUpperCase()}=db_${pass}\n`],
  [
    'members of objects behind words',
    `run()\n  const credentials = this.#frame.page()._credentials;\nfunction a() {}\n`,
  ],
  [
    'keys of other things',
    `a = { key: '${hex(40)}' }\nb = { 'key': 'AAAAB3NzaC1yc2E${drawn(40)}' }\nkey=getTheValueOfTheNextOneFromThere\n`,
  ],
  [
    'either of two',
    `const name = type === 'x' ? 'new${pass.replace('p', 'P')}' : 'verificationCode'\nfunction a() {}\n`,
  ],
  ['members of a class', `x([{key:"signInWithCredentials",value:(n=Ht(Wt().mark((function(){return 1})))}])\n`],
  ['what is asked for by name', `const credentials = await this.getCredentials('boxOAuth2Api')\nfunction a() {}\n`],
  [
    'an example in a long remark',
    `/**\n * \`\`\`ts\n${` * const cluster = new Cluster({})\n`.repeat(200)} * a({ "${pass}": "${chosen()}" })\n */\nexport class A {}\n`,
  ],
  ['headers without values', `curl -H "X-Api-Key: $KEY" -H 'PRIVATE-TOKEN: <your_token>' -H "Token: {{ token }}"\n`],
  ['a colour', `a { color: #a1b2c3 }\n.${pass} { content: x }\n${pass}: #header\n`],
  [
    'an example in a remark',
    `/**\n * Logs in.\n * @example\n * login({ "access_token": "${drawn(40)}" })\n */\nexport function a() {}\n`,
  ],
  [
    'what a module says of itself',
    `EXAMPLES = r"""\n- name: x\n  mod:\n    api_key: ${drawn(30)}\n"""\n\n\ndef main():\n    pass\n`,
  ],
  ['a session', `Some words.\n\n>>> client = Client(api_key="${drawn(30)}")\n`],
  [
    'examples of an interface',
    `{\n  "version": "1.0",\n  "examples": {\n    "Login": [{ "${pass}": "${chosen()}" }]\n  }\n}\n`,
  ],
  [
    'what is made up by name',
    `dummy_${pass} = '${chosen()}'\nfakeToken = '${drawn(30)}'\nconst dummyHash = '$2b$10$${drawn(53)}'\n`,
  ],
  ['what only a build server can open', `notifications:\n  slack:\n    secure: ${drawn(120)}\n`],
  ['a method of an address', `let RESET_${pass.toUpperCase()} = '/v1/accounts:resetIt'\nfunction a() {}\n`],
  ['a negation', `if ('withCredentials' in xhr)\n\txhr.withCredentials = !!opts.withCredentials\n\nif (x) y()\n`],
  ['data that has a hash by chance', `let d = "${drawn(90)}/AQAAAAEAA${drawn(400)}"\n`],
  ['a badge', `![x](https://img.example.org/badge.svg?token=${drawn(10)})\n`],
]

test.each(harmless)('nothing is taken amiss in %s', async (_, text) => {
  expect(await found(text)).toEqual([])
})

const der = (digits: string): Buffer => Buffer.concat([Buffer.from(digits, 'hex'), Buffer.alloc(64, 7)])

test('key stores are known by how they begin, and files of certificates are none', async () => {
  expect(await found(der('308204be020100300d06092a864886f70d010101050004820 4a8'.replace(' ', '')))).toEqual([
    'private key',
  ])
  expect(await found(der('30770201010420'))).toEqual(['private key'])
  expect(await found(der('30820a0602010330820 9bc06092a864886f70d010701'.replace(' ', '')))).toEqual(['key store'])
  expect(await found(der('feedfeed000000020000000100000001'))).toEqual(['key store'])
  expect(await found(der('feedfeed000000020000000100000002'))).toEqual([])
  expect(await found(der('03d9a29a67fb4bb5'))).toEqual(['password database'])
  expect(await found(der('30820394308202 7ca003020102'.replace(' ', '')))).toEqual([])
})

/** Texts that a careless pattern needs minutes for. Each is as long as one look at the text and a half. */
const hostile: readonly string[] = [
  `${pass}=`,
  `${pass}: "`,
  `"${pass}": "${chosen()}",\n`,
  'EXAMPLES = """\n',
  `/** @example\n * api_key = "${drawn(24)}"\n`,
  'api_key: "',
  'auth="aaaa',
  'machine x login y ',
  "insert into users values ('",
  'create user ',
  '-----BEGIN PRIVATE KEY-----',
  '"kty":"RSA",',
  '<RSAKeyValue>',
  'curl -u a:',
  'a://b:c',
  `<${pass}>`,
  `"key": "${pass}", `,
  'login("a",',
  'a:1:b:c:',
  'sqlplus -a -b a/b ',
  'lftp -u a,',
  'expect password send "',
  'ConvertTo-SecureString -a ',
  'machine x login y port 1 ',
  'the password of it is ',
  'eyJhbGciOiJI.eyJ',
  'sv=a&',
  ' ',
  '=',
  'aB',
]

test('no text holds up the loop: a look at 64 KB takes a fraction of a second at worst', async () => {
  await scanSecrets(Buffer.from('loaded'))
  for (const piece of hostile) {
    const text = Buffer.from(piece.repeat(Math.ceil(96_000 / piece.length)))
    const before = process.cpuUsage()
    await scanSecrets(text)
    const { user, system } = process.cpuUsage(before)
    // Two looks. Ten times what the worst of them takes; a pattern that backtracks takes minutes.
    expect((user + system) / 1_000, piece).toBeLessThan(2_000)
  }
})
