/**
 * Records the traces of `fixtures/traces/`: real programs run in scratch repositories, and every path that the watcher
 * tells of is written down with what it held before and after.
 *
 *   npm run trace [-- <scenario>…]
 *
 * Needs vim, nano, mg, joe, script, logrotate, jq, patch, pytest and sqlite3; a program that is missing leaves no
 * paths, which the counts printed at the end show.
 */
import { execFileSync, spawn } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEventSource } from '../../src/events/events.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathText } from '../../src/types.ts'
import { homes } from './homes.ts'
import { projects } from './projects.ts'
import type { Label, Scenario, Step } from './scenario.ts'

const project = new URL('../../..', import.meta.url).pathname
const target = join(project, 'fixtures', 'traces')
/** Of one step and class; of more an even choice is kept, and the count of all. */
const pathsMax = 40
/** Longer contents are recorded by their size, unless they are JSON that git knows. */
const textBytesMax = 1_024
const settleMs = 400

/** What scanners know, made of what opens nothing. */
const drawn = {
  FAKE_TOKEN: `ghp_${randomBytes(18).toString('hex')}`,
  FAKE_KEY: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
}

/** The last that was seen at a path while the step ran. */
interface Seen {
  readonly kind: 'file' | 'link'
  readonly executable: boolean
  readonly bytes: Buffer
}

function git(cwd: string, ...args: readonly string[]): Buffer {
  return execFileSync('git', ['-c', 'core.quotePath=false', ...args], {
    cwd,
    env: environmentOf(cwd),
    maxBuffer: 2 ** 28,
  })
}

function environmentOf(work: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: join(work, '..', 'home'),
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'X',
    GIT_AUTHOR_EMAIL: 'x@example.org',
    GIT_COMMITTER_NAME: 'X',
    GIT_COMMITTER_EMAIL: 'x@example.org',
    ...drawn,
    PROGRAMS: join(project, 'fixtures', 'programs'),
    TOOLS: join(project, 'node_modules'),
    npm_config_registry: process.env['npm_config_registry'] ?? '',
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? '',
    npm_config_update_notifier: 'false',
  }
}

function bash(work: string, script: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {
      cwd: work,
      env: environmentOf(work),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) console.log(`ended with ${code}: ${complaint}`)
      resolve()
    })
  })
}

function lookAt(path: string): Seen | null {
  try {
    const stat = lstatSync(path)
    if (stat.isSymbolicLink()) return { kind: 'link', executable: false, bytes: Buffer.from(readlinkSync(path)) }
    return stat.isFile() ? { kind: 'file', executable: (stat.mode & 0o100) !== 0, bytes: readFileSync(path) } : null
  } catch {
    return null
  }
}

/** Runs a step and tells of every path that the watcher noticed meanwhile. */
async function watched(work: string, step: Step): Promise<ReadonlyMap<string, Seen | null>> {
  const seen = new Map<string, Seen | null>()
  const take = (): void => {
    const { events, rescan } = source.take()
    if (rescan !== null) console.log(`a rescan is due: ${rescan}`)
    for (const { path, entry } of events) {
      if (entry?.kind === 'directory') continue
      const now = lookAt(join(work, pathText(path)))
      if (now !== null || !seen.has(pathText(path))) seen.set(pathText(path), now)
    }
  }
  const source = createEventSource({
    root: work,
    clock: systemClock,
    skip: (directory) => directory === '.git',
    onReady: () => take(),
  })
  await source.start()
  await bash(work, step.sh)
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  take()
  source.close()
  return seen
}

async function record(scenario: Scenario): Promise<void> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'trace-')))
  const work = join(place, 'work')
  mkdirSync(work)
  mkdirSync(join(place, 'home'))
  try {
    git(work, 'init', '-q', '-b', 'main')
    await bash(work, scenario.before)
    git(work, 'add', '-A')
    git(work, 'commit', '-q', '-m', 'before')
    const lines = [JSON.stringify({ trace: 1, scenario: scenario.name, about: scenario.about })]
    for (const [index, step] of scenario.steps.entries()) {
      const rows = entriesOf(work, step, await watched(work, step))
      lines.push(...rows.map((row) => scrubbed(JSON.stringify({ step: index + 1, ...row }), work)))
      console.log(`${scenario.name} ${index + 1} ${step.class}: ${rows.length}`)
    }
    writeFileSync(join(target, `${scenario.name}.jsonl`), `${lines.join('\n')}\n`)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

function entriesOf(work: string, step: Step, seen: ReadonlyMap<string, Seen | null>): readonly object[] {
  const byClass = new Map<string, object[]>()
  for (const [path, last] of [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const before = atHead(work, path)
    const isThere = lookAt(join(work, path)) !== null
    // Neither known to git nor ever seen with content: gone before anybody could look.
    if (last === null && before === null) continue
    const { by, class: name, wanted } = labelOf(step, path)
    if (wanted === null) continue
    const now = isThere || before === null ? last : null
    const entry = {
      path,
      by,
      class: name,
      wanted,
      ...(now?.kind === 'link' ? { kind: 'link' } : {}),
      ...(now?.executable === true ? { executable: true } : {}),
      ...stagingOf(work, path),
      before: contentOf(before, path, before !== null, wanted),
      now: contentOf(now?.bytes ?? null, path, before !== null, wanted),
    }
    byClass.set(name, [...(byClass.get(name) ?? []), entry])
  }
  return [...byClass.values()].flatMap(chosen)
}

function labelOf(step: Step, path: string): Label {
  return step.except?.find(([pattern]) => pattern.test(path))?.[1] ?? step
}

function chosen(entries: readonly object[]): readonly object[] {
  const stride = entries.length / pathsMax
  if (stride <= 1) return entries
  return Array.from({ length: pathsMax }, (_, at) => entries[Math.floor(at * stride)] ?? {})
}

function atHead(work: string, path: string): Buffer | null {
  try {
    return execFileSync('git', ['cat-file', 'blob', `HEAD:${path}`], { cwd: work, stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return null
  }
}

function stagingOf(work: string, path: string): { readonly staging?: 'staged' | 'unmerged' } {
  const environment = { ...environmentOf(work), GIT_LITERAL_PATHSPECS: '1' }
  const asked = (...args: readonly string[]): string =>
    execFileSync('git', [...args, '--', path], { cwd: work, env: environment, encoding: 'utf8' })
  if (asked('ls-files', '--unmerged') !== '') return { staging: 'unmerged' }
  return asked('diff', '--cached', '--name-only', 'HEAD') === '' ? {} : { staging: 'staged' }
}

/** What is to be held is written in base64: nobody's scanner should find a key here, not even one that opens nothing. */
function contentOf(bytes: Buffer | null, path: string, isTracked: boolean, wanted: string): unknown {
  if (bytes === null) return null
  const isWhole = bytes.length <= textBytesMax || (isTracked && path.endsWith('.json')) || wanted === 'hold'
  if (!isWhole) return { sizeBytes: bytes.length }
  const text = bytes.toString('utf8')
  const isSecret = wanted === 'hold' || Object.values(drawn).some((value) => text.includes(value))
  const isText = !isSecret && !text.includes('\0') && Buffer.from(text).equals(bytes)
  return isText ? text : { base64: bytes.toString('base64') }
}

/** Nothing of the machine that it was recorded on. */
function scrubbed(line: string, work: string): string {
  return line
    .replaceAll(work, '/home/x/project')
    .replaceAll(join(work, '..'), '/home/x')
    .replaceAll(project, '/opt/workspace-sync/')
    .replace(
      /https?:\/\/[^/"\\]+\/(?:[^"\\]*\/)?(ms|semver|minimist|left-pad)\/-\//g,
      'https://registry.example.org/$1/-/',
    )
}

const wanted = process.argv.slice(2)
mkdirSync(target, { recursive: true })
for (const scenario of [...projects, ...homes]) {
  if (wanted.length === 0 || wanted.includes(scenario.name)) await record(scenario)
}
