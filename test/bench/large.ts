/**
 * `npm run bench large [files]`: very many untracked paths in a thousand directories, as a user meets them; then all of
 * them edited, and the daemon stopped in the middle of it.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask } from '../../src/control/control.ts'
import type { BenchRow } from './row.ts'

const bin = new URL('../../../bin/workspace-sync.js', import.meta.url).pathname
const directories = 1_000
/** Long enough for a garbage collection at rest, and for V8 to give memory back. */
const restMs = 5_000
const longRestMs = 30_000
/** Into the writing of blobs. */
const underWayMs = 2_000
const watchMs = 100
const endMsMax = 1_800_000

type Told = (name: string, value: number, unit: string, reach?: string) => void

export async function benchLarge(files: number): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-sync-bench-'))
  const place = { work: join(folder, 'work'), remote: join(folder, 'remote.git') }
  const rows: BenchRow[] = []
  const row: Told = (name, value, unit, reach = '') => {
    rows.push({ name: `${files.toLocaleString('en')} files: ${name}`, value: Math.round(value), unit, reach })
    process.stdout.write(`  ${name}: ${Math.round(value)} ${unit}\n`)
  }
  try {
    make(place, files)
    rows.push({ name: 'load of the machine', value: Math.round(10 * (loadavg()[0] ?? 0)) / 10, unit: '', reach: '' })
    await firstSync(place, row)
    await nextStart(place, row)
    await editsAndStop(place, files, row)
    await afterStop(place, row)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

interface Place {
  readonly work: string
  readonly remote: string
}

async function firstSync(place: Place, row: Told): Promise<void> {
  const startMs = performance.now()
  const daemon = launch(place, row)
  try {
    await daemon.said(' watching ')
    row('start, until everything is watched and looked at', performance.now() - startMs, 'ms')
    row('status', (await timed(place.work, 'status')).tookMs, 'ms')
    await until(async () => (await timed(place.work, 'status')).out.includes('first-sync'))
    row('start, until it is held for somebody to say yes', performance.now() - startMs, 'ms')
    daemon.tell('until the yes')
    const commitsBefore = count(place.work)
    row('commits before the yes', commitsBefore - 1, '')
    const synced = await timed(place.work, 'sync')
    row(`sync (exit code ${synced.code})`, synced.tookMs, 'ms')
    daemon.tell('while it syncs')
    row('commits of the sync', count(place.work) - commitsBefore, '')
    row('paths on the remote', git(place.remote, 'ls-tree', '-r', '--name-only', 'main').split('\n').length - 2, '')
    await daemon.rest('after it')
  } finally {
    await daemon.end()
  }
}

async function nextStart(place: Place, row: Told): Promise<void> {
  const startMs = performance.now()
  const daemon = launch(place, row)
  try {
    await daemon.said(' watching ')
    row('next start', performance.now() - startMs, 'ms')
    await daemon.rest('after the next start')
  } finally {
    await daemon.end()
  }
}

async function editsAndStop(place: Place, files: number, row: Told): Promise<void> {
  const daemon = launch(place, row)
  try {
    await daemon.said(' watching ')
    fill(place.work, files, 'edited')
    const syncing = timed(place.work, 'sync')
    await sleep(underWayMs)
    const stopped = await timed(place.work, 'stop')
    row(`stop while every file is written anew (exit code ${stopped.code})`, stopped.tookMs, 'ms', '<= 6,000')
    await syncing
  } finally {
    await daemon.end()
  }
}

async function afterStop(place: Place, row: Told): Promise<void> {
  const startMs = performance.now()
  const daemon = launch(place, row)
  try {
    await daemon.said(' watching ')
    row('start after it', performance.now() - startMs, 'ms')
    const synced = await timed(place.work, 'sync')
    row(`sync of every file edited (exit code ${synced.code})`, synced.tookMs, 'ms')
    daemon.tell('while it syncs the edits')
    row('paths that differ afterwards', git(place.work, 'status', '--porcelain').split('\n').length - 1, '')
    const isThere = git(place.work, 'rev-parse', 'HEAD') === git(place.remote, 'rev-parse', 'main')
    row('the remote has it', Number(isThere), '')
    await daemon.rest('after the edits')
  } finally {
    await daemon.end()
  }
}

/** The daemon, looked at all the time: how much memory it takes, and how long it answers nobody. */
function launch({ work }: Place, row: Told) {
  const startMs = performance.now()
  const child = spawn(process.execPath, [bin, 'start', '--foreground', '-C', work, '-v'], { cwd: work })
  const isOver = new Promise((resolve) => child.once('exit', resolve))
  let said = ''
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString()
    for (const line of text.toString().split('\n')) {
      if (/reconciled|committed|pushed|failed/.test(line)) {
        const secondsIn = ((performance.now() - startMs) / 1_000).toFixed(1)
        process.stdout.write(`    ${secondsIn} s  ${line.slice(0, 120)}\n`)
      }
    }
  })
  let peakMb = 0
  let silentMs = 0
  const watch = setInterval(() => void look(), watchMs)
  const look = async (): Promise<void> => {
    peakMb = Math.max(peakMb, rssMb(child))
    const askedMs = performance.now()
    const answer = await ask(join(work, '.git', 'workspace-sync'), 'ping', {}, 60_000).catch(() => 'no-daemon')
    if (answer !== 'no-daemon') silentMs = Math.max(silentMs, performance.now() - askedMs)
  }
  return {
    said: (text: string) => until(async () => said.includes(text)),
    tell(when: string): void {
      row(`longest silence ${when}`, silentMs, 'ms', '<= 1,000')
      row(`memory ${when}, at its most`, peakMb, 'MB')
      peakMb = 0
      silentMs = 0
    },
    async rest(when: string): Promise<void> {
      await sleep(restMs)
      row(`memory at rest ${when}, ${restMs / 1_000} s`, rssMb(child), 'MB')
      await sleep(longRestMs)
      row(`memory at rest ${when}, ${(restMs + longRestMs) / 1_000} s`, rssMb(child), 'MB', '<= 130')
    },
    async end(): Promise<void> {
      clearInterval(watch)
      child.kill('SIGTERM')
      await isOver
    },
  }
}

/** @throws when it does not come. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + endMsMax
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error('it does not come')
    await sleep(watchMs)
  }
}

function make({ work, remote }: Place, files: number): void {
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote])
  execFileSync('git', ['init', '-q', '-b', 'main', work])
  git(work, 'config', 'user.name', 'Bench')
  git(work, 'config', 'user.email', 'bench@example.org')
  git(work, 'remote', 'add', 'origin', remote)
  writeFileSync(join(work, 'first.md'), 'first\n')
  git(work, 'add', '.')
  git(work, 'commit', '-q', '-m', 'first')
  git(work, 'push', '-q', '-u', 'origin', 'main')
  for (let index = 0; index < directories; index += 1) mkdirSync(join(work, `d${index}`))
  fill(work, files, 'file')
}

function fill(work: string, files: number, text: string): void {
  for (let index = 0; index < files; index += 1) {
    writeFileSync(join(work, `d${index % directories}`, `f${index}.txt`), `${text} ${index}\n`)
  }
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
}

function count(work: string): number {
  return Number(git(work, 'rev-list', '--count', 'HEAD'))
}

async function timed(
  cwd: string,
  ...args: readonly string[]
): Promise<{ readonly tookMs: number; readonly out: string; readonly code: number | null }> {
  const startMs = performance.now()
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (text: Buffer) => (out += text.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { tookMs: performance.now() - startMs, out, code }
}

/** 0: it has ended. */
function rssMb({ pid }: ChildProcess): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
