import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRepository } from '../../src/git/git.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import type { BenchRow } from './row.ts'

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.invalid',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.invalid',
}
const rounds = 9
const filesPerDirectory = 40

/** One file, changed and committed, by us and by `git commit --only`, in turn in one repository; then with the push. */
export async function benchCommit(): Promise<readonly BenchRow[]> {
  const sizes = process.env['BENCH_LARGE'] === undefined ? [1000, 10_000] : [1000, 10_000, 100_000]
  const rows: BenchRow[] = []
  for (const files of sizes) rows.push(...(await measure(files)))
  return rows
}

async function measure(files: number): Promise<readonly BenchRow[]> {
  const place = mkdtempSync(join(tmpdir(), 'sync-bench-'))
  const root = join(place, 'work')
  const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: root, env: environment })
  try {
    fill(root, files)
    git('init', '-q', '-b', 'main')
    git('add', '-A')
    git('commit', '-q', '-m', 'first')
    git('init', '-q', '--bare', '-b', 'main', join(place, 'remote.git'))
    git('remote', 'add', 'origin', join(place, 'remote.git'))
    git('push', '-q', '-u', 'origin', 'main')
    return await compare(root, files, git)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

async function compare(root: string, files: number, git: (...args: readonly string[]) => unknown): Promise<BenchRow[]> {
  const engine = await openRepository(root, { environment })
  const times = { ours: [] as number[], only: [] as number[], oursPushed: [] as number[], onlyPushed: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    for (const isPushed of [false, true]) {
      // A daemon made the last commit itself; here git did, and the private index has to catch up outside the timing.
      await timed(root, `before ${round} ${isPushed}`, () => commitOurs(engine, false))
      const commit = await timed(root, `ours ${round} ${isPushed}`, () => commitOurs(engine, isPushed))
      times[isPushed ? 'oursPushed' : 'ours'].push(commit)
      const only = await timed(root, `only ${round} ${isPushed}`, () => {
        git('commit', '-q', '--only', '-m', 'bench', '--', 'd0/f0')
        if (isPushed) git('push', '-q')
      })
      times[isPushed ? 'onlyPushed' : 'only'].push(only)
    }
  }
  await engine.close()
  const size = `${files / 1000}k files`
  const [ours, only] = [median(times.ours), median(times.only)]
  const [pushed, floor] = [median(times.oursPushed), median(times.onlyPushed)]
  const ms = (name: string, value: number, reach: string): BenchRow => ({
    name: `${name}, ${size}`,
    value: Math.round(value * 10) / 10,
    unit: 'ms',
    reach,
  })
  return [
    ms('commit of one file', ours, `<= ${files >= 100_000 ? '120 ms' : '2 x commit --only'} (${ratio(ours, only)})`),
    ms('git commit --only', only, ''),
    ms('commit and push', pushed, `<= ${files >= 10_000 ? '150 ms' : '1.5 x'} (${ratio(pushed, floor)})`),
    ms('git commit --only, git push', floor, ''),
  ]
}

function ratio(value: number, other: number): string {
  return `${(value / other).toFixed(2)} x`
}

async function commitOurs(engine: GitEngine, isPushed: boolean): Promise<void> {
  const path = pathBytes('d0/f0')
  const { ref, oid: base } = await engine.head()
  const [oids] = await Promise.all([
    engine.writeBlobs([{ path, kind: 'file' }]),
    engine.entriesAt(base, [path]),
    engine.staging(base, [path]),
  ])
  const oid = oids.get(path)
  if (typeof oid !== 'string') throw new Error(`not stored: ${JSON.stringify(oid)}`)
  const entries = [{ path, mode: '100644' as const, oid }]
  const plan = { id: 'bench', ref: ref ?? '', base, entries, message: 'bench\n' }
  const outcome = await engine.commit(plan, { write: () => undefined })
  if (outcome.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(outcome)}`)
  const push = isPushed
    ? engine.push({ remote: 'origin', upstreamRef: 'refs/heads/main', oid: outcome.oid })
    : { kind: 'pushed' }
  const [pushed, failure] = await Promise.all([push, engine.settled()])
  if (pushed.kind !== 'pushed' || failure !== null) throw new Error(`not done: ${JSON.stringify([pushed, failure])}`)
}

async function timed(root: string, text: string, run: () => unknown): Promise<number> {
  appendFileSync(join(root, 'd0/f0'), `${text}\n`)
  const began = performance.now()
  await run()
  return performance.now() - began
}

function fill(root: string, files: number): void {
  for (let file = 0; file < files; file += 1) {
    const directory = join(root, `d${Math.floor(file / filesPerDirectory)}`)
    if (file % filesPerDirectory === 0) mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `f${file}`), `file ${file}\n`)
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
