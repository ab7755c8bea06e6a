/** What the soak and the trial share: a clone with a remote of its own, marks on the remote, what a process costs. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Edit {
  readonly mark: string
  readonly path: string
  readonly atMs: number
  seenAtMs: number | null
}

export interface Ground {
  readonly folder: string
  readonly remote: string
  readonly work: string
  readonly branch: string
  /** The commit that everything began with. */
  readonly start: string
}

export function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 }).trim()
}

export function prepare(repo: string, name: string): Ground {
  const folder = mkdtempSync(join(tmpdir(), `workspace-sync-${name}-`))
  const remote = join(folder, 'remote.git')
  const work = join(folder, 'work')
  execFileSync('git', ['clone', '-q', '--bare', repo, remote])
  execFileSync('git', ['clone', '-q', remote, work], { stdio: 'ignore' })
  git(work, 'config', 'user.name', 'Soak')
  git(work, 'config', 'user.email', 'soak@example.org')
  return {
    folder,
    remote,
    work,
    branch: git(work, 'symbolic-ref', '--short', 'HEAD'),
    start: git(work, 'rev-parse', 'HEAD'),
  }
}

/** Which edits the remote has, by the marks that its newest commits added. */
export function watchRemote({ remote, branch, start }: Ground, edits: Iterable<Edit>): () => void {
  let tip = start
  const look = (): void => {
    const now = tipOf(remote, branch)
    if (now === tip) return
    const added = git(remote, 'log', '-p', '--no-color', '--format=', `${tip}..${now}`)
    tip = now
    for (const edit of edits) if (edit.seenAtMs === null && added.includes(edit.mark)) edit.seenAtMs = Date.now()
  }
  const timer = setInterval(look, 20)
  return () => clearInterval(timer)
}

function tipOf(remote: string, branch: string): string {
  try {
    return readFileSync(join(remote, 'refs', 'heads', branch), 'utf8').trim()
  } catch {
    return git(remote, 'rev-parse', branch)
  }
}

/** The paths of each commit that the remote got, newest first. */
export function commitsOf({
  remote,
  branch,
  start,
}: Ground): readonly { readonly oid: string; readonly paths: readonly string[] }[] {
  const oids = git(remote, 'log', '--format=%H', `${start}..${branch}`).split('\n').filter(Boolean)
  return oids.map((oid) => ({
    oid,
    paths: git(remote, 'show', '--format=', '--name-only', '-z', oid).split('\0').filter(Boolean),
  }))
}

/** Median, nine of ten, longest: seconds from an edit to the remote. */
export function delaysText(edits: readonly Edit[]): string {
  const delays = edits.flatMap(({ atMs, seenAtMs }) => (seenAtMs === null ? [] : [seenAtMs - atMs]))
  const sorted = delays.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    `${((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN) / 1000).toFixed(1)} s`
  return `median ${at(0.5)}, p90 ${at(0.9)}, longest ${at(1)}`
}

/** Of a process and those of its children that have ended. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime, stime and those of reaped children, in ticks of 10 ms.
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / 100
}

export function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export function log(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The same numbers for the same seed. */
export function drawing(seed: number) {
  let state = seed >>> 0
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    random,
    pick: <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T,
    word: (): string => Math.floor(random() * 2 ** 40).toString(36),
  }
}
