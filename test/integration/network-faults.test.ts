import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { openWay, serveGit, type Fault } from '../machines/ways.ts'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

const quick = ['pull.interval=300ms', 'retry.delays=["200ms"]', 'retry.max=1s', 'rules.default=ALLOW']
const deadlines = { listMs: 2_000, transferMs: 4_000, silenceMs: 1_000 }
const large = Array.from({ length: 4_000 }, (_, at) => `line ${at} ${(at * 7_919) % 10_007}\n`).join('')

const faultsInARow = 2

/** Each of the first connections suffers the fault; afterwards the way is as it should be. */
test.concurrent.for<readonly [string, Fault]>([
  ['is cut before anything is said', { kind: 'cut', afterBytes: 0 }],
  ['is cut in the middle of what is sent', { kind: 'cut', afterBytes: 9_000 }],
  ['is cut in the middle of the answer', { kind: 'cut-answer', afterBytes: 60 }],
  ['falls silent in the middle of what is sent', { kind: 'silence', afterBytes: 9_000 }],
  ['falls silent in the middle of the answer', { kind: 'silence-answer', afterBytes: 60 }],
  ['changes a byte of what is sent', { kind: 'corrupt', afterBytes: 9_000 }],
  ['changes a byte of the answer', { kind: 'corrupt-answer', afterBytes: 300 }],
  ['takes its time', { kind: 'slow', afterBytes: 0 }],
])(
  'a way to the remote that %s: it heals by itself, and both sides are whole',
  { timeout: 90_000 },
  async ([, fault], { onTestFinished }) => {
    const repo = makeRepo({ 'a.md': 'a\n' })
    onTestFinished(() => repo.dispose())
    const remote = addRemote(repo)
    const server = await serveGit(dirname(remote.root))
    onTestFinished(() => server.stop())
    const way = await openWay(server.port)
    onTestFinished(() => way.close())
    repo.git('remote', 'set-url', 'origin', `git://127.0.0.1:${way.port}/remote.git`)
    const { daemon, told, stop } = await startHere(repo, { sets: quick, git: { deadlines } })
    onTestFinished(stop)
    await daemon.sync(null)

    way.fail(fault, faultsInARow)
    repo.write('large.md', large)
    await until('it is on the remote', () => remote.git('ls-tree', '--name-only', 'main').includes('large.md'), 60_000)
    const other = remote
      .gitBytes(['hash-object', '-w', '--stdin'], large.replace('line 7 ', 'line seven '))
      .toString()
      .trim()
    const tree = remote
      .gitBytes(['mktree'], `${remote.git('ls-tree', 'main')}\n100644 blob ${other}\ttheirs.md\n`)
      .toString()
      .trim()
    way.fail(fault, faultsInARow)
    remote.git('update-ref', 'refs/heads/main', remote.git('commit-tree', '-p', 'main', '-m', 'theirs', tree))
    await until('it came in', () => repo.git('ls-tree', '--name-only', 'HEAD').includes('theirs.md'), 60_000)
    await until('nothing left', () => repo.git('status', '--porcelain') === '')
    for (const one of [repo, remote]) one.git('fsck', '--strict')
    expect(repo.git('rev-parse', 'HEAD')).toBe(remote.git('rev-parse', 'main'))
    const notices = told.filter((line) => / it goes on when | it is tried again/.test(line))
    expect(notices.length, told.join('\n')).toBeLessThanOrEqual(4)
  },
)
