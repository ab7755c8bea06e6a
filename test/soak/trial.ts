/**
 * The trial: the daemon as shipped on a clone of a real repository, a person who works in vim on a terminal and with
 * git beside it, an agent-like program in turns, and three programs that write for themselves.
 *
 *   npm run trial -- --repo <a git repository> [--minutes 60] [--seed 1] [--keep]
 *
 * Needs tmux and vim. Prints what reached the remote and when, what was committed that nobody wanted, what it cost, and
 * everything that surprised; ends with exit code 1 when an edit is missing or a secret left.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  commitsOf,
  cpuSeconds,
  delaysText,
  drawing,
  git,
  log,
  prepare,
  rssMb,
  sleep,
  watchRemote,
  type Edit,
} from './ground.ts'
import { startAgent, startNoise } from './programs.ts'
import { createPerson } from './person.ts'

const { values } = parseArgs({
  options: {
    repo: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
})
if (values.repo === undefined) throw new Error('name a repository: npm run trial -- --repo <dir>')

const bin = new URL('../../../bin/workspace-sync.js', import.meta.url).pathname
const ground = prepare(values.repo, 'trial')
const { folder, remote, work } = ground
const draw = drawing(Number(values.seed))
/** What must wait for the next of the gathered commits is waited for. */
const tailMs = 240_000
const sampleMs = 10_000
/** A save that takes longer is told. */
const lateMs = 150_000

interface Sample {
  readonly atMs: number
  readonly state: string
  readonly reason: string | null
  readonly rssMb: number
  readonly held: readonly string[]
  readonly slow: readonly string[]
  readonly quarantine: readonly string[]
}

interface StatusJson {
  readonly state: string
  readonly reason: string | null
  readonly held: readonly { readonly path: string; readonly reason: string }[]
  readonly slow: readonly { readonly pattern: string }[]
  readonly quarantine: readonly { readonly pattern: string; readonly signal: string }[]
}

function sample(pid: number): Sample | null {
  try {
    const out = execFileSync(process.execPath, [bin, 'status', '--json', '-C', work], { encoding: 'utf8' })
    const status = JSON.parse(out) as StatusJson
    return {
      atMs: Date.now(),
      state: status.state,
      reason: status.reason,
      rssMb: rssMb(pid),
      held: status.held.map(({ path, reason }) => `${path}: ${reason}`),
      slow: status.slow.map(({ pattern }) => pattern),
      quarantine: status.quarantine.map(({ pattern, signal }) => `${pattern} (${signal})`),
    }
  } catch (error) {
    log(`SURPRISE: no status: ${String(error).slice(0, 200)}`)
    return null
  }
}

function tellSamples(samples: readonly Sample[]): void {
  const states = new Map<string, number>()
  for (const { state, reason } of samples) {
    const key = reason === null ? state : `${state}: ${reason}`
    states.set(key, (states.get(key) ?? 0) + 1)
  }
  log('states, each ten seconds:')
  for (const [state, count] of states) log(`  ${String(count).padStart(4)}  ${state}`)
  for (const [title, of] of [
    ['held', (one: Sample) => one.held],
    ['slow', (one: Sample) => one.slow],
    ['quarantine', (one: Sample) => one.quarantine],
  ] as const) {
    const all = [...new Set(samples.flatMap(of))]
    log(`${title} at some time: ${all.length === 0 ? 'nothing' : ''}`)
    for (const one of all) log(`  ${one}`)
  }
  const rss = samples.map((one) => one.rssMb)
  log(`RSS: first ${rss[0]?.toFixed(0)} MB, most ${Math.max(...rss).toFixed(0)} MB, last ${rss.at(-1)?.toFixed(0)} MB`)
}

function tellCommits(noise: readonly string[]): void {
  const commits = commitsOf(ground)
  const isNoise = (path: string): boolean => noise.some((place) => path === place || path.startsWith(`${place}/`))
  const onlyNoise = commits.filter(({ paths }) => paths.length > 0 && paths.every(isNoise))
  const byHand = commits.filter(
    ({ oid }) => !git(remote, 'show', '-s', '--format=%B', oid).includes('Workspace-Sync-Id'),
  )
  log(`commits: ${commits.length}, ${byHand.length} by hand, ${onlyNoise.length} hold nothing but machine files`)
  for (const place of noise) {
    const count = commits.filter(({ paths }) =>
      paths.some((path) => path === place || path.startsWith(`${place}/`)),
    ).length
    log(`  ${place.padEnd(40)} in ${count} commits`)
  }
  const writers = new Map<string, number>()
  for (const { oid } of commits) {
    const writer =
      git(remote, 'show', '-s', '--format=%(trailers:key=Workspace-Sync-Writer,valueonly)', oid) || 'by hand'
    writers.set(writer, (writers.get(writer) ?? 0) + 1)
  }
  for (const [writer, count] of writers) log(`  writer ${writer}: ${count}`)
}

/** The agent and the person's editor may write over each other: what lies nowhere any more nobody can bring. */
function whereabouts(mark: string): string {
  const named = git(work, 'ls-files', '--cached', '--others', '--', `*${mark}*`)
  const holding = spawnSync('git', ['-C', work, 'grep', '--untracked', '-lF', mark], { encoding: 'utf8' }).stdout
  const places = `${named}\n${holding}`.split('\n').filter((path) => existsSync(join(work, path)) && path !== '')
  return places.length === 0 ? 'in no file any more' : `still in ${places.join(', ')}`
}

/** @returns whether all is well. */
function tellEdits(title: string, edits: readonly Edit[]): boolean {
  const missing = edits.filter(({ seenAtMs }) => seenAtMs === null)
  log(`${title}: ${edits.length} edits, ${edits.length - missing.length} on the remote; ${delaysText(edits)}`)
  for (const { path, mark, atMs } of missing)
    log(`SURPRISE: MISSING ${path} ${mark}, saved ${new Date(atMs).toISOString()}, ${whereabouts(mark)}`)
  for (const { path, mark, atMs, seenAtMs } of edits) {
    if (seenAtMs !== null && seenAtMs - atMs > lateMs) {
      log(`SURPRISE: late ${path} ${mark}: ${((seenAtMs - atMs) / 1_000).toFixed(0)} s`)
    }
  }
  return missing.length === 0
}

function secretsOnRemote(secrets: readonly string[]): boolean {
  const all = git(remote, 'log', '-p', '--no-color', '--format=', `${ground.start}..${ground.branch}`)
  const left = secrets.filter((secret) => all.includes(secret))
  for (const secret of left) log(`SURPRISE: A SECRET LEFT: ${secret}`)
  return left.length > 0
}

async function main(): Promise<boolean> {
  log(`${git(work, 'ls-files').split('\n').length} files, seed ${values.seed}, ${values.minutes} min, in ${folder}`)
  const daemon = spawn(process.execPath, [bin, 'start', '--foreground', '-v', '-C', work], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(daemon)
  const pid = daemon.pid ?? 0
  for (const stream of [daemon.stdout, daemon.stderr]) {
    stream.on('data', (chunk: Buffer) => appendFileSync(join(folder, 'daemon.out'), chunk))
  }
  const end: { word: string | null } = { word: null }
  daemon.once('exit', (code, signal) => (end.word = `${code ?? signal}`))
  await sleep(5_000)
  const edits: { readonly person: Edit[]; readonly agent: Edit[] } = { person: [], agent: [] }
  const stopWatching = watchRemote(ground, {
    [Symbol.iterator]: () => [...edits.person, ...edits.agent][Symbol.iterator](),
  })
  const noise = startNoise(work, draw)
  const agent = startAgent(bin, work, Number(values.seed), edits.agent)
  log(`agent: ${agent.how}`)
  const person = createPerson(ground, draw, edits.person)
  const from = { cpu: cpuSeconds(pid), atMs: Date.now() }
  const endMs = from.atMs + Number(values.minutes) * 60_000
  const samples: Sample[] = []
  let sampledMs = 0
  while (Date.now() < endMs && end.word === null) {
    await person.act()
    if (Date.now() - sampledMs < sampleMs) continue
    sampledMs = Date.now()
    const one = sample(pid)
    if (one !== null) samples.push(one)
  }
  if (end.word !== null)
    log(`SURPRISE: the daemon ended: ${end.word}: ${readFileSync(join(folder, 'daemon.out'), 'utf8').slice(-1_000)}`)
  else {
    const busyMs = Date.now() - from.atMs
    log(`CPU: ${(((cpuSeconds(pid) - from.cpu) / busyMs) * 100_000).toFixed(2)} % of a core, children included`)
  }
  agent.stop()
  await person.finish()
  const deadlineMs = Date.now() + tailMs
  const isWaiting = (): boolean => [...edits.person, ...edits.agent].some(({ seenAtMs }) => seenAtMs === null)
  while (isWaiting() && Date.now() < deadlineMs) await sleep(500)
  noise.stop()
  stopWatching()
  tellSamples(samples)
  tellCommits(noise.places)
  const isWhole = [tellEdits('person', edits.person), tellEdits('agent', edits.agent)].every(Boolean)
  const hasLeft = secretsOnRemote(person.secrets)
  for (const surprise of person.surprises()) log(`SURPRISE: ${surprise}`)
  log(`left in the work tree:\n${git(work, 'status', '--short') || '  nothing'}`)
  if (end.word === null) {
    daemon.kill('SIGTERM')
    await new Promise((resolve) => daemon.once('exit', resolve))
  }
  git(remote, 'fsck', '--strict', '--connectivity-only')
  return isWhole && !hasLeft && end.word === null
}

/** Nothing that this program started outlives it, also when it fails. */
const started: ChildProcess[] = []
process.on('exit', () => started.forEach((child) => child.kill('SIGKILL')))

const isWell = await main()
if (values.keep) log(`kept in ${folder}`)
else rmSync(folder, { recursive: true, force: true })
process.exitCode = isWell ? 0 : 1
