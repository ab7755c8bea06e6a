/**
 * `npm run bench -- writers [trials]`: the daemon beside programs that write in every usual way, and whether it knows
 * who wrote. Each way under `run`, as a program of the configuration, and by a person's shell on a terminal; alone, and
 * beside another program that writes 5 and 20 times a second. A person who is taken for a program is the worst mistake.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask } from '../../src/control/control.ts'
import { pathBytes, type WriterKind } from '../../src/types.ts'
import { makeRepository } from './save.ts'

const project = new URL('../../..', import.meta.url).pathname
const bin = join(project, 'bin', 'workspace-sync.js')
const programs = join(project, 'fixtures', 'programs')
/** Each writer writes so often; six of them at the same time. */
const periodMs = 1_500
/** After it the daemon has had time to find out. */
const knownMs = 800
const patterns = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const modes = ['run', 'configured', 'person'] as const
const loads = [0, 5, 20] as const

type Pattern = (typeof patterns)[number]
type Mode = (typeof modes)[number]

interface Score {
  right: number
  wrong: number
  unknown: number
}

/** What each mode may be taken for; nothing else but `unknown`. */
const rightKind: Readonly<Record<Mode, WriterKind>> = { run: 'agent', configured: 'autonomous', person: 'human' }

export async function benchWriters(trials: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-sync-writers-'))
  const work = join(folder, 'work')
  let daemon: ChildProcess | null = null
  try {
    makeRepository(work, join(folder, 'remote.git'), 100)
    for (const load of loads) for (const mode of modes) prepare(work, mode, load, trials)
    daemon = await startDaemon(work)
    say(['written', 'beside', ...patterns.map((pattern) => `${pattern}: right/wrong/unknown`)])
    for (const load of loads) {
      for (const mode of modes) {
        const busy = load === 0 ? null : startBusy(folder, work, mode, load)
        if (busy !== null) await sleep(3_000)
        const scores = await Promise.all(patterns.map((pattern) => trial(folder, work, mode, pattern, load, trials)))
        const beside = load === 0 ? 'nobody' : `${mode === 'configured' ? 'agent' : 'autonomous'} ${load}/s`
        say([mode, beside, ...scores.map(({ right, wrong, unknown }) => `${right}/${wrong}/${unknown}`)])
        if (busy !== null) await end(busy)
      }
    }
  } finally {
    if (daemon !== null) await end(daemon)
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

function say(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell) => cell.padEnd(24)).join('')}\n`)
}

async function trial(
  folder: string,
  work: string,
  mode: Mode,
  pattern: Pattern,
  load: number,
  trials: number,
): Promise<Score> {
  const place = `${mode}-${load}-${pattern}`
  await sleep(Math.random() * periodMs)
  const start = mode === 'person' ? startPerson : startWriter
  const writer = start(folder, work, mode, place, pattern, trials)
  const score: Score = { right: 0, wrong: 0, unknown: 0 }
  let last = markOf(work, `${place}/${pattern}-0`)
  for (let n = 0; n < trials; n++) {
    const path = `${place}/${pattern}-${pattern === 'a' ? 0 : n}`
    if (pattern !== 'a') last = prepared(work, path)
    await until(() => markOf(work, path) !== last)
    last = markOf(work, path)
    await sleep(knownMs)
    count(score, mode, await writerOf(work, path))
  }
  await end(writer)
  return score
}

/** What is there before anybody watches: the files that an editor changes. */
function prepare(work: string, mode: Mode, load: number, trials: number): void {
  for (const pattern of patterns) {
    const place = join(work, `${mode}-${load}-${pattern}`)
    mkdirSync(place)
    for (let n = 0; n < trials && pattern === 'e'; n++) {
      const file = join(place, `e-${n}`)
      writeFileSync(file, 'seen '.repeat(20 + Math.floor(Math.random() * 300)))
      utimesSync(file, preparedAtS, preparedAtS)
    }
  }
}

const preparedAtS = 1_000_000_000

function prepared(work: string, path: string): number {
  return statSync(join(work, path), { throwIfNoEntry: false })?.mtimeMs === preparedAtS * 1_000
    ? preparedAtS * 1_000
    : 0
}

function markOf(work: string, path: string): number {
  const stat = statSync(join(work, path), { throwIfNoEntry: false })
  return stat === undefined || stat.size === 0 ? 0 : stat.mtimeMs
}

function count(score: Score, mode: Mode, kind: WriterKind): void {
  if (kind === 'unknown') score.unknown += 1
  else if (kind === rightKind[mode]) score.right += 1
  else score.wrong += 1
}

async function writerOf(work: string, path: string): Promise<WriterKind> {
  const answer = await ask(join(work, '.git', 'workspace-sync'), 'writers', { paths: [pathBytes(path)] })
  return answer === 'no-daemon' ? 'unknown' : (answer[0]?.kind ?? 'unknown')
}

function startWriter(
  folder: string,
  work: string,
  mode: Mode,
  place: string,
  pattern: Pattern,
  trials: number,
): ChildProcess {
  const seed = String(Math.floor(Math.random() * 2 ** 31))
  const args = [pattern, place, String(trials), String(periodMs), seed]
  return startProgram(folder, work, mode === 'run' ? 'run' : 'configured', `${pattern}-${mode}`, 'writes.js', args)
}

/** Beside what is tried, a program of the other kind that writes all the time. */
function startBusy(folder: string, work: string, mode: Mode, perSecond: number): ChildProcess {
  const place = `busy-${mode}-${perSecond}`
  mkdirSync(join(work, place))
  const args = ['b', place, '100000', String(1_000 / perSecond), '1']
  return startProgram(folder, work, mode === 'configured' ? 'run' : 'configured', `busy-${mode}`, 'writes.js', args)
}

function startProgram(
  folder: string,
  work: string,
  how: 'run' | 'configured',
  name: string,
  program: string,
  args: readonly string[],
): ChildProcess {
  const path = how === 'run' ? join(programs, program) : configured(folder, name, program)
  const command = [path, ...args]
  const declared = [bin, '-C', work, 'run', '--writer', name, '--', process.execPath]
  return spawn(process.execPath, how === 'run' ? [...declared, ...command] : command, {
    cwd: work,
    stdio: 'ignore',
    detached: true,
  })
}

/** A copy whose file has a name that the built-in configuration knows. */
function configured(folder: string, name: string, program: string): string {
  const directory = join(folder, 'programs')
  mkdirSync(directory, { recursive: true })
  for (const file of ['seeded.js', program]) copyFileSync(join(programs, file), join(directory, file))
  const path = join(directory, `claude-${name}-monitor.mjs`)
  copyFileSync(join(directory, program), path)
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  return path
}

/** Somebody types commands into a shell on a terminal of its own. */
function startPerson(
  _folder: string,
  work: string,
  _mode: Mode,
  place: string,
  pattern: Pattern,
  trials: number,
): ChildProcess {
  const shell = spawn('script', ['-qfec', 'bash --norc --noprofile -i', '/dev/null'], {
    cwd: work,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { ...process.env, TERM: 'xterm' },
  })
  let n = 0
  const type = (): void => {
    if (n >= trials || shell.exitCode !== null) return
    shell.stdin?.write(`${typed(pattern, `${place}/${pattern}`, n++)}\r`)
    setTimeout(type, periodMs * (0.9 + 0.2 * Math.random()))
  }
  type()
  return shell
}

function typed(pattern: Pattern, path: string, n: number): string {
  const text = 'seen '.repeat(5 + Math.floor(Math.random() * 300))
  const file = `${path}-${n}`
  const written = `echo '${text}'`
  switch (pattern) {
    case 'a':
      return `${written} >> ${path}-0`
    case 'b':
      return `node -e 'require("fs").promises.writeFile("${file}", "${text}")'`
    case 'c':
      return `${written} > ${file}.tmp && mv ${file}.tmp ${file}`
    case 'd':
      return `${written} > ${file}`
    case 'e':
      return n % 2 === 0 ? `sed -i s/seen/read/ ${file}` : `vim -c 'normal! i${text}' -c wq ${file}`
    case 'f':
      return `jq -n --arg seen '${text}' '{"seen": $seen}' > ${file}.tmp && mv ${file}.tmp ${file}`
  }
}

async function startDaemon(work: string): Promise<ChildProcess> {
  // Nothing is committed while it is measured: a commit closes the account of a path.
  const sets = ['debounce.immediate', 'debounce.code', 'debounce.default'].flatMap((key) => ['--set', `${key}=1h`])
  const daemon = spawn(process.execPath, [bin, 'start', '--foreground', '--no-push', '-C', work, ...sets], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve) => daemon.stdout.once('data', () => resolve()))
  return daemon
}

/** With all that it started. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    process.kill(child.spawnargs.includes('--foreground') ? child.pid : -child.pid, 'SIGTERM')
  } catch {
    return
  }
  const kill = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(kill)
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000
  while (!condition() && performance.now() < endMs) await sleep(5)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
