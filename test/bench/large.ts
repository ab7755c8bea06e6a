/** `npm run bench large`: a hundred thousand untracked paths in a thousand directories, as a user meets them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchRow } from './row.ts'

const bin = new URL('../../../bin/workspace-sync.js', import.meta.url).pathname
const directories = 1_000
/** Long enough for a garbage collection at rest. */
const restMs = 5_000
const holdMsMax = 60_000

export async function benchLarge(files: number): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-sync-bench-'))
  const [work, remote] = [join(folder, 'work'), join(folder, 'remote.git')]
  const rows: BenchRow[] = []
  const row = (name: string, value: number, unit: string, reach = ''): void => {
    rows.push({ name: `${files.toLocaleString('en')} files: ${name}`, value: Math.round(value), unit, reach })
  }
  try {
    make(work, remote, files)
    const startMs = performance.now()
    const daemon = spawn(process.execPath, [bin, 'start', '--foreground', '-C', work, '-v'], { cwd: work })
    const isOver = new Promise((resolve) => daemon.once('exit', resolve))
    try {
      let said = ''
      daemon.stdout.on('data', (text: Buffer) => (said += text.toString()))
      while (!said.includes(' watching ')) await sleep(20)
      row('start, until everything is watched and looked at', performance.now() - startMs, 'ms')
      row('status', timed(work, 'status').tookMs, 'ms')
      await heldUntil(work, performance.now() + holdMsMax)
      row('start, until it is held for somebody to say yes', performance.now() - startMs, 'ms')
      const commitsBefore = count(work)
      row('commits before the yes', commitsBefore - 1, '')
      row('memory before the yes', rssMb(daemon.pid), 'MB')
      const synced = timed(work, 'sync')
      row(`sync (exit code ${synced.code})`, synced.tookMs, 'ms')
      row('commits of the sync', count(work) - commitsBefore, '')
      row('paths on the remote', git(remote, 'ls-tree', '-r', '--name-only', 'main').split('\n').length - 2, '')
      await sleep(restMs)
      row('memory at rest after it', rssMb(daemon.pid), 'MB', '<= 130')
    } finally {
      daemon.kill('SIGTERM')
      await isOver
    }
    const again = spawn(process.execPath, [bin, 'start', '--foreground', '-C', work, '-v'], { cwd: work })
    const isAgainOver = new Promise((resolve) => again.once('exit', resolve))
    try {
      const againMs = performance.now()
      await new Promise<void>((resolve) => again.stdout.once('data', () => resolve()))
      row('next start', performance.now() - againMs, 'ms')
      await sleep(restMs)
      row('memory at rest after the next start', rssMb(again.pid), 'MB', '<= 130')
    } finally {
      again.kill('SIGTERM')
      await isAgainOver
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

/** @throws when nothing holds the first sync by then. */
async function heldUntil(work: string, endMs: number): Promise<void> {
  while (!timed(work, 'status').out.includes('first-sync')) {
    if (performance.now() > endMs) throw new Error(`nothing holds the first sync: ${timed(work, 'status').out}`)
    await sleep(200)
  }
}

function make(work: string, remote: string, files: number): void {
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote])
  execFileSync('git', ['init', '-q', '-b', 'main', work])
  git(work, 'config', 'user.name', 'Bench')
  git(work, 'config', 'user.email', 'bench@example.org')
  git(work, 'remote', 'add', 'origin', remote)
  writeFileSync(join(work, 'first.md'), 'first\n')
  git(work, 'add', '.')
  git(work, 'commit', '-q', '-m', 'first')
  git(work, 'push', '-q', '-u', 'origin', 'main')
  for (let index = 0; index < files; index += 1) {
    const directory = join(work, `d${index % directories}`)
    if (index < directories) mkdirSync(directory)
    writeFileSync(join(directory, `f${index}.txt`), `file ${index}\n`)
  }
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
}

function count(work: string): number {
  return Number(git(work, 'rev-list', '--count', 'HEAD'))
}

function timed(cwd: string, ...args: readonly string[]): { tookMs: number; out: string; code: number | null } {
  const startMs = performance.now()
  const { stdout, status } = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
  return { tookMs: performance.now() - startMs, out: stdout, code: status }
}

function rssMb(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1_024
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
