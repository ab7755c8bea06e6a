/** From a save to the moved ref on the remote, beyond the quiet period: the real daemon, beside `git commit && git push`. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchRow } from './row.ts'

const sizes = process.env['BENCH_LARGE'] === undefined ? [1_000, 10_000] : [1_000, 10_000, 100_000]
const saves = 9
/** Longer than a file must rest to count as whole, as every default is. */
const quietMs = 500
const bin = new URL('../../../bin/workspace-sync.js', import.meta.url).pathname

export async function benchSave(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  for (const files of sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'workspace-sync-bench-'))
    try {
      rows.push(...(await benchSize(folder, files)))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return rows
}

async function benchSize(folder: string, files: number): Promise<readonly BenchRow[]> {
  const work = join(folder, 'work')
  const remote = join(folder, 'remote.git')
  makeRepository(work, remote, files)
  const bare: number[] = []
  for (let save = 0; save < saves; save += 1) {
    writeFileSync(join(work, 'd0', 'f0.txt'), `bare ${save}\n`)
    const startedMs = performance.now()
    execFileSync('sh', ['-c', 'git commit -q --only -m x -- d0/f0.txt && git push -q'], { cwd: work })
    bare.push(performance.now() - startedMs)
  }
  const sets = ['debounce.immediate', 'debounce.code', 'debounce.default'].flatMap((key) => [
    '--set',
    `${key}=${quietMs}ms`,
  ])
  const budgets = ['--set', 'limits.commitsPerHour=1000', '--set', 'limits.commitsPerDay=1000']
  const daemon = spawn(process.execPath, [bin, 'start', '--foreground', '-C', work, ...sets, ...budgets])
  const delays: number[] = []
  try {
    await new Promise<void>((resolve) => daemon.stdout.once('data', () => resolve()))
    for (let save = 0; save < saves; save += 1) {
      await sleep(500)
      delays.push(await saveToRemote(work, remote, save))
    }
  } finally {
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    daemon.kill('SIGTERM')
    await ended
  }
  const ours = median(delays) - quietMs
  const name = `${files.toLocaleString('en')} files`
  return [
    {
      name: `${name}: save -> remote, beyond the quiet period`,
      value: rounded(ours),
      unit: 'ms',
      reach: files === 10_000 ? '<= 150' : '',
    },
    { name: `${name}: git commit --only && git push`, value: rounded(median(bare)), unit: 'ms', reach: '' },
    { name: `${name}: ratio`, value: rounded(ours / median(bare)), unit: 'x', reach: '' },
  ]
}

/** A path of its own for each save: the loop breaker slows down one that is committed again and again. */
async function saveToRemote(work: string, remote: string, save: number): Promise<number> {
  const ref = join(remote, 'refs', 'heads', 'main')
  const before = readFileSync(ref, 'utf8')
  const startedMs = performance.now()
  writeFileSync(join(work, `d${save}`, 'f1.txt'), `edit ${save}\n`)
  while (readFileSync(ref, 'utf8') === before) await sleep(1)
  return performance.now() - startedMs
}

export function makeRepository(work: string, remote: string, files: number): void {
  for (let index = 0; index < files; index += 1) {
    const directory = join(work, `d${Math.floor(index / 40)}`)
    if (index % 40 === 0) mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `f${index % 40}.txt`), `file ${index}\n`)
  }
  const git = (...args: readonly string[]): void => void execFileSync('git', args, { cwd: work, stdio: 'ignore' })
  git('init', '-q', '-b', 'main')
  // Or a commit of ten thousand files starts a collection of its own, and the one below finds the door locked.
  git('config', 'gc.auto', '0')
  git('config', 'user.name', 'Bench')
  git('config', 'user.email', 'bench@example.org')
  git('add', '.')
  git('commit', '-q', '-m', 'start')
  git('gc', '-q')
  execFileSync('git', ['clone', '-q', '--bare', work, remote], { stdio: 'ignore' })
  git('remote', 'add', 'origin', remote)
  git('push', '-q', '-u', 'origin', 'main')
  writeFileSync(join(work, 'd0', 'f0.txt'), 'first\n')
  git('commit', '-q', '-a', '-m', 'a loose ref on the remote')
  git('push', '-q')
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
