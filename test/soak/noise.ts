/**
 * The real thing for minutes: the daemon with its default configuration on a clone of a real repository, six programs
 * that write for themselves, and a person who edits at random times.
 *
 *   npm run soak -- --play noise --repo <a git repository> [--minutes 10] [--seed 1]
 *
 * Prints whether every edit reached the remote and when, what was committed for whom, and what the daemon cost. Ends
 * with exit code 1 when an edit is missing.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
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

const { values } = parseArgs({
  options: {
    play: { type: 'string' },
    repo: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
})
if (values.repo === undefined) throw new Error('name a repository: npm run soak -- --play noise --repo <dir>')

const project = new URL('../../..', import.meta.url).pathname
const programs = join(project, 'fixtures', 'programs')
const bin = join(project, 'bin', 'workspace-sync.js')
const ground = prepare(values.repo, 'soak')
const { folder, remote, work } = ground
const { random, pick, word } = drawing(Number(values.seed))
/** The last edits may have to wait for the two minutes in which changes are gathered once the budget is spent. */
const tailMs = 150_000

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

function report(edits: readonly Edit[], places: readonly string[]): boolean {
  const names = commitsOf(ground).map(({ paths }) => paths)
  const seen = edits.filter(({ seenAtMs }) => seenAtMs !== null).length
  const isNoise = (path: string): boolean => places.some((place) => path === place || path.startsWith(`${place}/`))
  const onlyNoise = names.filter((paths) => paths.length > 0 && paths.every(isNoise)).length
  log(`edits: ${edits.length} made, ${seen} on the remote`)
  log(`save -> remote: ${delaysText(edits)}`)
  log(`commits: ${names.length}, of which ${onlyNoise} hold nothing but machine files`)
  for (const place of places) {
    const count = names.filter((paths) => paths.some((path) => path === place || path.startsWith(`${place}/`))).length
    log(`  ${place.padEnd(40)} in ${count} commits`)
  }
  for (const edit of edits) if (edit.seenAtMs === null) log(`MISSING ${edit.path} ${edit.mark}`)
  return seen === edits.length
}

async function main(): Promise<boolean> {
  log(
    `${git(work, 'ls-files').split('\n').length} files, branch ${ground.branch}, seed ${values.seed}, ${values.minutes} min`,
  )
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
  const stopWatching = watchRemote(ground, edits)
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
  const isWhole = report(edits, places)
  daemon.kill('SIGTERM')
  await new Promise((resolve) => daemon.once('exit', resolve))
  git(remote, 'fsck', '--strict', '--connectivity-only')
  return isWhole
}

const isWhole = await main()
if (values.keep) log(`kept in ${folder}`)
else rmSync(folder, { recursive: true, force: true })
process.exitCode = isWhole ? 0 : 1
