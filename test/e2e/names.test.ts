import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { diceOf, drawSeed } from '../support/seed.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

// Many processes at once; on a busy machine they take turns.
vi.setConfig({ testTimeout: 45_000 })

const odd = [
  'line\nbreak.md',
  'tab\tand "quotes".md',
  "it's $HOME `id`.md",
  '\u{1F389} party \u{1F469}\u200D\u{1F4BB}.md',
  '-rf.md',
  ':(top)magic.md',
  'star*[a]?.md',
  'back\\slash.md',
  ' spaces .md',
  '\u001b[31mred.md',
  'e\u0301.md',
  `${'n'.repeat(252)}.md`,
  '#hash.md',
  '{a,b}.md',
  '!not.md',
  'con\rreturn.md',
  'trailing.',
].map((name) => Buffer.from(name))
const bytes = [Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x6d, 0x64]), Buffer.from([0xc3, 0x28, 0x80, 0x2e, 0x6d, 0x64])]

/** Name and content of every file on the remote below `odd/`. */
function remoteNames(workspace: Workspace): readonly string[] {
  const list = workspace.remote.gitBytes(['ls-tree', '-r', '-z', '--name-only', 'main', 'odd/'])
  return list.toString('latin1').split('\0').filter(Boolean).toSorted()
}

test.concurrent('every name that a file system allows arrives as it is, edited and deleted too', async (context) => {
  const workspace = makeWorkspace(context)
  const { root, repo } = workspace
  const daemon = await startDaemon(workspace, { sets: ['debounce.default=400ms', 'debounce.code=400ms'] })
  const names = [...odd, ...bytes]
  const path = (name: Buffer): Buffer => Buffer.concat([Buffer.from(join(root, 'odd/')), name])
  const expected = names.map((name) => `odd/${name.toString('latin1')}`).toSorted()
  mkdirSync(join(root, 'odd'))
  for (const name of names) writeFileSync(path(name), 'one\n')
  const arrived = (): boolean => remoteNames(workspace).join('\0') === expected.join('\0')
  await until('every name is on the remote', arrived, 10_000)
  for (const name of names) writeFileSync(path(name), 'two\n')
  const two = repo.gitBytes(['hash-object', '--stdin'], 'two\n').toString().trim()
  const edited = (): boolean => {
    const trees = workspace.remote.git('ls-tree', '-r', 'main', 'odd/').split('\n')
    return trees.every((line) => line.split(/\s/)[2] === two) && repo.git('status', '--porcelain') === ''
  }
  await until('every edit is on the remote', edited, 10_000)
  expect(workspace.remote.git('show', 'main:odd/-rf.md')).toBe('two')
  const filter = await workspace.run(
    ['test-filter', '--stdin', '--json'],
    Buffer.concat(bytes.flatMap((name) => [Buffer.from('odd/'), name, Buffer.from('\0')])),
  )
  const answers = filter.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { pathBase64?: string })
  const decoded = answers.map(({ pathBase64 = '' }) => Buffer.from(pathBase64, 'base64').toString('latin1'))
  expect(decoded).toEqual(bytes.map((name) => `odd/${name.toString('latin1')}`))
  for (const name of names) rmSync(path(name))
  await until('every deletion is on the remote', () => remoteNames(workspace).length === 0, 10_000)
  expect(daemon.status()?.held).toEqual([])
  // No name can write a line of its own, or a terminal's escape, into what is told.
  expect(daemon.out()).not.toContain('\u001b')
  expect(
    daemon
      .out()
      .split('\n')
      .every((line) => line === '' || /^\d\d:\d\d:\d\d /.test(line)),
  ).toBe(true)
})

test.concurrent('a FIFO, a socket and a device among the files hang nothing and are left alone', async (context) => {
  const workspace = makeWorkspace(context)
  const { root } = workspace
  mkdirSync(join(root, 'kinds'))
  execFileSync('mkfifo', [join(root, 'kinds/before.md')])
  await startDaemon(workspace)
  execFileSync('mkfifo', [join(root, 'kinds/fifo.md')])
  const server = createServer().listen(join(root, 'kinds/socket.md'))
  context.onTestFinished(() => void server.close())
  let devices = 1
  try {
    execFileSync('mknod', [join(root, 'kinds/device.md'), 'c', '1', '3'], { stdio: 'ignore' })
  } catch {
    // Only a privileged user may.
    devices = 0
  }
  await until('the socket is there', () => readdirSync(join(root, 'kinds')).length === 3 + devices)
  symlinkSync('nowhere/at all', join(root, 'kinds/dangling.md'))
  symlinkSync('/etc', join(root, 'kinds/outside'))
  workspace.repo.write('kinds/plain.md', 'plain\n')
  const kinds = ['first.md', 'kinds/dangling.md', 'kinds/outside', 'kinds/plain.md']
  await until('the rest arrives', () => workspace.remotePaths().join() === kinds.join(), 10_000)
  expect(workspace.remote.git('cat-file', 'blob', 'main:kinds/dangling.md')).toBe('nowhere/at all')
  const sync = await workspace.run(['sync'])
  expect(sync.code).toBe(0)
  // A tracked file whose place a FIFO takes: never opened, and not a reason to hang.
  rmSync(join(root, 'kinds/plain.md'))
  execFileSync('mkfifo', [join(root, 'kinds/plain.md')])
  workspace.repo.write('kinds/later.md', 'later\n')
  await until('later edits arrive', () => workspace.onRemote('kinds/later.md') === 'later\n', 10_000)
})

test.concurrent('directories that vanish and appear while they are read lose nothing', async (context) => {
  const dice = diceOf(drawSeed())
  const workspace = makeWorkspace(context, { 'docs/stays.md': 'stays\n' })
  const { root } = workspace
  // So many files before the first look is over would count as uncommitted at the first start, and wait for a yes.
  expect((await workspace.run(['init'])).code).toBe(0)
  const daemon = await startDaemon(workspace)
  for (let round = 0; round < 25; round++) {
    const directory = join(root, 'docs', dice.word(8))
    for (let i = 0; i < 20; i++) {
      mkdirSync(join(directory, String(i % 5), 'deep'), { recursive: true })
      writeFileSync(join(directory, String(i % 5), 'deep', `${i}.md`), `${i}\n`)
    }
    if (dice.next() < 0.7) await sleep(dice.between(0, 30))
    if (dice.next() < 0.5) rmSync(directory, { recursive: true })
    else renameSync(directory, join(root, 'docs', `kept-${dice.word(8)}`))
  }
  const isThere = (): boolean => workspace.remotePaths().toSorted().join('\n') === onDisk(root)
  await until('the remote has what is there', isThere, 15_000)
  expect(daemon.hasEnded()).toBe(false)
  expect((await workspace.run(['sync'])).code).toBe(0)
})

function onDisk(root: string): string {
  const found = execFileSync('find', ['.', '-path', './.git', '-prune', '-o', '-type', 'f', '-printf', '%P\\n'], {
    cwd: root,
    encoding: 'utf8',
  })
  return found.trimEnd().split('\n').toSorted().join('\n')
}
