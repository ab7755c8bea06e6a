/**
 * The real thing for minutes: the daemon with its default configuration on a clone of a real repository, six programs
 * that write for themselves, and a person who edits at random times.
 *
 *   npm run soak -- --repo <a git repository> [--minutes 10] [--seed 1]
 *
 * Prints whether every edit reached the remote and when, what was committed for whom, and what the daemon cost. Ends
 * with exit code 1 when an edit is missing.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    repo: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
})
if (values.repo === undefined) throw new Error('name a repository: npm run soak -- --repo <dir>')

const project = new URL('../../..', import.meta.url).pathname
const programs = join(project, 'fixtures', 'programs')
const bin = join(project, 'bin', 'workspace-sync.js')
const folder = mkdtempSync(join(tmpdir(), 'workspace-sync-soak-'))
const remote = join(folder, 'remote.git')
const work = join(folder, 'work')
/** The last edits may have to wait for the two minutes in which changes are gathered once the budget is spent. */
const tailMs = 150_000

let state = Number(values.seed) >>> 0
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}
function pick<T>(list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T
}
function word(): string {
  return Math.floor(random() * 2 ** 40).toString(36)
}
function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 }).trim()
}
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
function log(text: string): void {
  process.stdout.write(`${text}\n`)
}

interface Edit {
  readonly mark: string
  readonly path: string
  readonly atMs: number
  seenAtMs: number | null
}

function prepare(repo: string): string {
  execFileSync('git', ['clone', '-q', '--bare', repo, remote])
  execFileSync('git', ['clone', '-q', remote, work], { stdio: 'ignore' })
  git(work, 'config', 'user.name', 'Soak')
  git(work, 'config', 'user.email', 'soak@example.org')
  return git(work, 'rev-parse', 'HEAD')
}

/** Names, places and periods are drawn: no rule can know them. */
function startWriters(): { readonly children: readonly ChildProcess[]; readonly places: readonly string[] } {
  const root = `m${word()}`
  const seed = (): string => String(Math.floor(random() * 2 ** 31))
  const period = (): string => String(500 + Math.floor(random() * 1_500))
  mkdirSync(join(work, root))
  const node = (name: string, place: string, ...rest: readonly string[]): ChildProcess =>
    spawn(process.execPath, [join(programs, name), join(work, place), ...rest], { stdio: 'ignore' })
  const places = ['beat.json', 'run.log', 'answer.dat', 'whole.bin', 'many', 'pipe.json'].map(
    (name) => `${root}/${word()}-${name}`,
  )
  const [beat = '', run = '', answer = '', whole = '', many = '', pipe = ''] = places
  // A heartbeat that somebody once committed is the hard case: untracked it would be committed once, as a new file.
  writeFileSync(join(work, beat), '{}\n')
  const children = [
    node('heartbeat.js', beat, '1000', seed()),
    node('log-appender.js', run, period(), seed()),
    node('commit-reactor.js', answer, '200', seed(), join(work, '.git')),
    node('atomic-writer.js', whole, period(), seed()),
    node('ever-new.js', many, period(), seed()),
    spawn('sh', [join(programs, 'jq-pipeline.sh'), join(work, pipe), '1', '100000'], { stdio: 'ignore' }),
  ]
  return { children, places }
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime, stime and those of reaped children, in ticks of 10 ms.
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / 100
}

function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024
}

/** Which edits the remote has, by the marks that its newest commits added. */
function watchRemote(edits: readonly Edit[], sinceOid: string, branch: string): () => void {
  let tip = sinceOid
  const look = (): void => {
    const now = readRef(branch)
    if (now === tip) return
    const added = git(remote, 'log', '-p', '--no-color', '--format=', `${tip}..${now}`)
    tip = now
    for (const edit of edits) if (edit.seenAtMs === null && added.includes(edit.mark)) edit.seenAtMs = Date.now()
  }
  const timer = setInterval(look, 20)
  return () => clearInterval(timer)
}

function readRef(branch: string): string {
  try {
    return readFileSync(join(remote, 'refs', 'heads', branch), 'utf8').trim()
  } catch {
    return git(remote, 'rev-parse', branch)
  }
}

async function person(edits: Edit[], untilMs: number): Promise<void> {
  const texts = git(work, 'ls-files', '*.js', '*.md', '*.json', '*.ts')
    .split('\n')
    .filter((path) => !path.includes('"'))
  while (Date.now() < untilMs) {
    await sleep(2_000 + random() * 18_000)
    for (let saves = 1 + Math.floor(random() * 3); saves > 0; saves -= 1) {
      const path = pick(texts)
      const mark = `edit-${word()}${word()}`
      edits.push({ mark, path, atMs: Date.now(), seenAtMs: null })
      appendFileSync(join(work, path), `\n// ${mark}\n`)
      await sleep(random() * 1_500)
    }
  }
}

function report(edits: readonly Edit[], places: readonly string[], start: string, branch: string): boolean {
  const delays = edits.flatMap(({ atMs, seenAtMs }) => (seenAtMs === null ? [] : [seenAtMs - atMs]))
  const sorted = delays.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    `${((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN) / 1000).toFixed(1)} s`
  const commits = git(remote, 'log', '--format=%H', `${start}..${branch}`).split('\n').filter(Boolean)
  const names = commits.map((oid) =>
    git(remote, 'show', '--format=', '--name-only', '-z', oid).split('\0').filter(Boolean),
  )
  const isNoise = (path: string): boolean => places.some((place) => path === place || path.startsWith(`${place}/`))
  const onlyNoise = names.filter((paths) => paths.length > 0 && paths.every(isNoise)).length
  log(`edits: ${edits.length} made, ${delays.length} on the remote`)
  log(`save -> remote: median ${at(0.5)}, p90 ${at(0.9)}, longest ${at(1)}`)
  log(`commits: ${commits.length}, of which ${onlyNoise} hold nothing but machine files`)
  for (const place of places) {
    const count = names.filter((paths) => paths.some((path) => path === place || path.startsWith(`${place}/`))).length
    log(`  ${place.padEnd(40)} in ${count} commits`)
  }
  for (const edit of edits) if (edit.seenAtMs === null) log(`MISSING ${edit.path} ${edit.mark}`)
  return delays.length === edits.length
}

async function main(repo: string): Promise<boolean> {
  const start = prepare(repo)
  const branch = git(work, 'symbolic-ref', '--short', 'HEAD')
  log(`${git(work, 'ls-files').split('\n').length} files, branch ${branch}, seed ${values.seed}, ${values.minutes} min`)
  const daemon = spawn(process.execPath, [bin, 'start', '--foreground', '-C', work], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = daemon.pid ?? 0
  daemon.stdout.on('data', (chunk: Buffer) => appendFileSync(join(folder, 'daemon.out'), chunk))
  await sleep(3_000)
  const idleFrom = cpuSeconds(pid)
  await sleep(10_000)
  log(`at rest: ${(((cpuSeconds(pid) - idleFrom) / 10) * 100).toFixed(2)} % of a core, ${rssMb(pid).toFixed(0)} MB`)
  const { children, places } = startWriters()
  const edits: Edit[] = []
  const stopWatching = watchRemote(edits, start, branch)
  const busyFrom = { cpu: cpuSeconds(pid), atMs: Date.now() }
  await person(edits, Date.now() + Number(values.minutes) * 60_000)
  const busyMs = Date.now() - busyFrom.atMs
  log(
    `at work: ${(((cpuSeconds(pid) - busyFrom.cpu) / busyMs) * 100_000).toFixed(2)} % of a core (with its children), ${rssMb(pid).toFixed(0)} MB`,
  )
  const deadlineMs = Date.now() + tailMs
  while (edits.some(({ seenAtMs }) => seenAtMs === null) && Date.now() < deadlineMs) await sleep(200)
  for (const child of children) child.kill('SIGKILL')
  stopWatching()
  log(execFileSync(process.execPath, [bin, 'status', '-C', work], { encoding: 'utf8' }))
  const isWhole = report(edits, places, start, branch)
  daemon.kill('SIGTERM')
  await new Promise((resolve) => daemon.once('exit', resolve))
  git(remote, 'fsck', '--strict', '--connectivity-only')
  return isWhole
}

const isWhole = await main(values.repo)
if (values.keep) log(`kept in ${folder}`)
else rmSync(folder, { recursive: true, force: true })
process.exitCode = isWhole ? 0 : 1
