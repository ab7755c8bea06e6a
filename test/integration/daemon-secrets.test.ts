import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { cliIn } from '../support/run-cli.ts'
import { diceOf } from '../support/seed.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const dice = diceOf(3)

/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function drawn(count: number, alphabet = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'): string {
  return Array.from({ length: count }, () => alphabet[dice.between(0, alphabet.length - 1)]).join('')
}

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' })
const token = ['ghp', drawn(36)].join('_')

/** One of each kind: the file, its text, and what must be seen nowhere. */
const planted: readonly (readonly [string, string, string])[] = [
  ['keys/server.txt', pem.toString(), pem.toString().split('\n')[1] ?? ''],
  ['notes/token.md', `The token is ${token}, valid until spring.\n`, token],
  ...[
    ['deploy/.env', 'MODE=quiet\nDB_HOST=db\nGREETING='],
    ['config/database.yml', 'production:\n  user: app\n  password: '],
    ['config/app.json', '{\n  "client_secret": "'],
    ['src/settings.py', 'import os\nSECRET_KEY = "'],
    ['bin/dump.sh', '#!/bin/sh\nmysqldump -u root -p'],
    ['home/.netrc', 'machine api.example.org login jane password '],
    ['docs/how-to.md', 'Clone from https://jane:'],
    ['etc/accounts', 'jane:$6$aB3dE5gH$'],
  ].map(([path = '', head = '']) => {
    const secret = path === 'etc/accounts' ? drawn(86) : drawn(24)
    const tail = head.endsWith('"') ? '"\n' : path === 'docs/how-to.md' ? '@git.corp.example.net/a.git\n' : '\n'
    return [path, `${head}${secret}${tail}`, secret] as const
  }),
]

const say = async (root: string, ...args: readonly string[]): Promise<string> => (await cliIn(root, ...args)).said

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Everything that the program has written or says about the workspace. */
async function everything(repo: TempRepo, told: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const paths = planted.map(([path]) => path)
  const commands = [
    ['status'],
    ['status', '--json'],
    ['test-filter', ...paths],
    ['test-filter', '--json', ...paths],
    ...paths.flatMap((path) => [
      ['why', path],
      ['why', '--json', path],
    ]),
    ['history'],
    ['history', '--json'],
    ['logs'],
    ['health'],
    ['doctor'],
    ['sync'],
  ]
  const all = new Map([['the daemon', told.join('\n')]])
  for (const command of commands) all.set(command.join(' '), await say(repo.root, ...command))
  for (const file of filesBelow(join(repo.root, '.git/workspace-sync'))) {
    if (existsSync(file)) all.set(file, readFileSync(file, 'latin1'))
  }
  return all
}

test('a secret of any of ten kinds is held, and stands in nothing that is written or said', async () => {
  const repo = makeRepo({ 'a.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop, told } = await startHere(repo)
  onTestFinished(stop)
  for (const [path, text] of planted) repo.write(path, text)
  repo.write('src/settings.example.py', 'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\n')
  const { held } = await daemon.sync(null)
  expect(held.map(({ path }) => path).toSorted()).toEqual(planted.map(([path]) => path).toSorted())
  const sent = (): string => remote.git('ls-tree', '-r', '--name-only', 'main')
  await until('the rest is sent', () => sent() === 'a.md\nsrc/settings.example.py')

  const said = await everything(repo, told)
  expect([...said.keys()].filter((name) => name.endsWith('journal.db'))).toHaveLength(1)
  for (const [path, , secret] of planted) {
    expect(said.get(`why ${path}`), path).toContain('hold')
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret, 'utf16le').toString('latin1'),
    ])
      for (const [where, text] of said) expect(text.includes(form), `${path} in ${where}`).toBe(false)
  }
  // Git keeps the object, deflated and reachable from nowhere, until it is pruned.
  expect(repo.git('fsck', '--unreachable', '--no-reflogs').split('\n')).toHaveLength(planted.length)

  expect(await say(repo.root, 'ack', 'notes/token.md')).not.toContain(token)
  await until('what somebody answers for is sent', () => sent().includes('notes/token.md'))
  repo.write('notes/token.md', `The token is ${token}, valid until summer.\n`)
  const again = await daemon.sync(null)
  expect(again.held.map(({ path }) => path)).toContain('notes/token.md')
})
