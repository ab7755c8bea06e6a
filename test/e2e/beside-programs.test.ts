import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Child } from '../support/child.ts'
import { startDaemon, type DaemonProcess } from '../support/daemon.ts'
import { startProgram } from '../support/programs.ts'
import { diceOf, drawSeed } from '../support/seed.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

// What runs in the workspace while a person edits: nothing of it is known to any rule.
const dice = diceOf(drawSeed())
const directory = dice.word(9)
const named = (extension: string): string => `${directory}/${dice.word(dice.between(7, 12))}${extension}`
const paths = {
  heartbeat: named('.json'),
  pipeline: named('.json'),
  log: named('.log'),
  reactor: named(dice.pick(['.txt', '.state', ''])),
  atomic: named(dice.pick(['.dat', '.bin', '.txt'])),
  restless: named('.dat'),
  everNew: `${directory}/${dice.word(8)}`,
}
const editsMs = 13_000
const edits = new Map<string, string>()
let startedMs = 0

let workspace: Workspace
let daemon: DaemonProcess
let firstCommit: string
let pipeline: Child
const tidy: (() => void | Promise<void>)[] = []

beforeAll(async () => {
  workspace = makeWorkspace({ onTestFinished: (one) => void tidy.push(one) }, { 'docs/first.md': 'first\n' })
  const { repo } = workspace
  // The two that only touch volatile members are tracked, as such files often are by mistake.
  repo.write(`${directory}/.keep`, '')
  startProgram(workspace, 'heartbeat.js', [paths.heartbeat, dice.between(300, 900), dice.between(1, 1e6)])
  pipeline = startProgram(workspace, 'jq-pipeline.sh', [paths.pipeline, dice.pick(['0.4', '0.7', '1.1']), 1_000])
  await until('both have written', () => wrote(paths.heartbeat) && wrote(paths.pipeline))
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'with what programs write')
  repo.git('push', '-q')
  firstCommit = repo.git('rev-parse', 'HEAD')
  daemon = await startDaemon(workspace, { sets: ['limits.cooldown=2s', 'debounce.maxWait=2s'] })
  startedMs = performance.now()
  startOthers()
  await editFor(editsMs)
}, 60_000)

afterAll(async () => {
  for (const one of tidy.toReversed()) await one()
})

function wrote(path: string): boolean {
  try {
    JSON.parse(readFileSync(join(workspace.root, path), 'utf8'))
    return readFileSync(join(workspace.root, path), 'utf8').includes('\n  ')
  } catch {
    return false
  }
}

function startOthers(): void {
  const seed = (): number => dice.between(1, 1e6)
  startProgram(workspace, 'log-appender.js', [paths.log, dice.between(100, 400), seed()])
  const gitDir = join(workspace.root, '.git')
  startProgram(workspace, 'commit-reactor.js', [paths.reactor, dice.between(50, 300), seed(), gitDir])
  // Give or take a tenth, it rests for over a second: what is replaced faster is not whole for as long as that lasts.
  startProgram(workspace, 'atomic-writer.js', [paths.atomic, dice.between(1_200, 1_600), seed()])
  // Faster than any quiet period: it never rests.
  startProgram(workspace, 'atomic-writer.js', [paths.restless, dice.between(20, 60), seed()])
  startProgram(workspace, 'ever-new.js', [paths.everNew, dice.between(500, 1_000), seed()])
}

/** A person's edits, at random times, some of them to the same file again. */
async function editFor(lengthMs: number): Promise<void> {
  const endMs = performance.now() + lengthMs
  while (performance.now() < endMs) {
    await sleep(dice.between(100, 1_200))
    // What a rule allows; anything else that is saved again and again by nobody in particular goes slow.
    const known = [...edits.keys()].filter((path) => path.startsWith('docs/') && path.endsWith('.md'))
    const again = known.length > 0 && dice.next() < 0.3
    const fresh = `${dice.pick(['docs', 'notes', 'source'])}/${dice.word(10)}${dice.pick(['.md', '.ts', '.txt'])}`
    const path = again ? dice.pick(known) : fresh
    const text = `${dice.word(40)}\n`
    edits.set(path, text)
    workspace.repo.write(path, text)
  }
}

/** Paths of each commit since the daemon started, oldest first. */
function commits(): readonly (readonly string[])[] {
  const log = workspace.repo.git('log', '--reverse', '--no-renames', '--format=%x01', '--name-only', `${firstCommit}..`)
  return log
    .split('\u0001')
    .slice(1)
    .map((text) => text.split('\n').filter(Boolean))
}

function commitsOf(prefix: string): number {
  return commits().filter((changed) => changed.some((path) => path.startsWith(prefix))).length
}

test("every edit of the person's is on the remote, beside a writer that never rests", async () => {
  expect(edits.size).toBeGreaterThan(5)
  for (const [path, text] of edits) {
    await until(`${path} is on the remote`, () => workspace.onRemote(path) === text, 15_000)
  }
})

test('what only beats is never committed on its own account', () => {
  expect(commitsOf(paths.heartbeat)).toBe(0)
  expect(commitsOf(paths.pipeline)).toBe(0)
  expect(workspace.repo.git('status', '--porcelain', paths.heartbeat)).not.toBe('')
})

test('a log that nobody tracks is never committed', () => {
  expect(readFileSync(join(workspace.root, paths.log), 'utf8').length).toBeGreaterThan(100)
  expect(commitsOf(paths.log)).toBe(0)
})

/** Three, and then one in a cooldown and a delay of at least 10 s. */
function ceiling(): number {
  return 3 + Math.ceil((performance.now() - startedMs) / 12_000)
}

test('a program that answers every commit does not loop', async () => {
  // While commit follows commit it may never rest for long enough to be whole.
  await until('what it wrote is committed once it rests', () => commitsOf(paths.reactor) > 0, 15_000)
  expect(commitsOf(paths.reactor)).toBeLessThanOrEqual(ceiling())
})

test('a file replaced again and again, and files of ever new names, are committed a bounded number of times', async () => {
  for (const path of [paths.atomic, `${paths.everNew}/`]) {
    await until(`${path} is committed`, () => commitsOf(path) > 0, 40_000)
    expect(commitsOf(path)).toBeLessThanOrEqual(ceiling())
  }
  const slow = daemon.status()?.slow ?? []
  expect(slow.length).toBeGreaterThan(0)
  expect(slow.every(({ pattern }) => pattern.startsWith(directory))).toBe(true)
})

test('temporary files of a replacement are never committed', () => {
  const passing = commits().flatMap((changed) => changed.filter((path) => path.startsWith(`${paths.atomic}.`)))
  expect(passing).toEqual([])
})

test('what beats rides along with a real edit of its file', async () => {
  const path = paths.pipeline
  const old = JSON.parse(workspace.onRemote(path) ?? '') as Record<string, unknown>
  // It would write back what it had read before the edit.
  pipeline.kill('SIGKILL')
  await pipeline.ended
  const now = JSON.parse(readFileSync(join(workspace.root, path), 'utf8')) as Record<string, unknown>
  workspace.repo.write(path, `${JSON.stringify({ ...now, runs: 7 }, null, 2)}\n`)
  const onRemote = (): Record<string, unknown> => JSON.parse(workspace.onRemote(path) ?? '') as Record<string, unknown>
  await until('the edit is on the remote', () => onRemote()['runs'] === 7, 10_000)
  expect(onRemote()['timestamp']).not.toBe(old['timestamp'])
  expect(commitsOf(path)).toBe(1)
})

test('no rule knows any of these programs', () => {
  const programs = readdirSync(fileURLToPath(new URL('../../fixtures/programs', import.meta.url)))
  const stems = programs.map((name) => name.replace(/\.\w+$/, '')).filter((name) => name !== 'seeded')
  const rules = fileURLToPath(new URL('../../filters', import.meta.url))
  const files = readdirSync(rules).filter((name) => name.endsWith('.rules'))
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) {
    const lines = readFileSync(join(rules, file), 'utf8').split('\n')
    const globs = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(':')[1] ?? '')
    for (const name of [...stems, directory]) {
      expect(globs.filter((glob) => glob.includes(name))).toEqual([])
    }
  }
})
