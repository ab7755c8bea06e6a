/**
 * Several clones of one remote, a daemon on each, and people who edit on all of them at random while the ways to the
 * remote are cut and healed. In the end all are equal, and every edit that lay on a disk when it was left is reachable.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDaemon, type Daemon } from '../../src/daemon/daemon.ts'
import { openRepository, type GitEngine } from '../../src/git/git.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { describe } from '../../src/report/report.ts'
import { drawing, sleep } from '../soak/ground.ts'
import { gitEnvironment } from '../support/temp-repo.ts'
import { git, gitBeside, hastySets, reachableMarks } from './clone.ts'
import { createPerson } from './person.ts'
import { openWay, serveGit, type Way } from './ways.ts'

export interface MachinesOptions {
  readonly seed: number
  readonly machines: number
  readonly edits: number
  readonly mode: 'merge' | 'rebase'
  readonly log: (line: string) => void
}

export interface MachinesResult {
  readonly edits: number
  readonly partitions: number
  readonly conflicts: number
  /** Commits of the branch in the end. */
  readonly commits: number
  readonly merges: number
  /** Marks of edits that no ref of any clone reaches. */
  readonly lost: readonly string[]
  /** From the last healing to the instant at which all were equal; null: they never were. */
  readonly equalAfterMs: number | null
  readonly differences: readonly string[]
  readonly held: readonly string[]
}

/** All are to be equal by then; what each machine did last is told where they were not. */
const promisedMs = 10_000
const toldLast = 40
/** All equal by then, or never. */
const equalWithinMs = 60_000

interface Machine {
  readonly name: string
  readonly root: string
  readonly engine: GitEngine
  readonly daemon: Daemon
  readonly way: Way
  readonly told: string[]
}

export async function playMachines(options: MachinesOptions): Promise<MachinesResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sync-machines-'))
  const remote = join(folder, 'remote.git')
  git(folder, 'init', '-q', '--bare', '-b', 'main', remote)
  const server = await serveGit(folder)
  const machines: Machine[] = []
  try {
    for (let at = 0; at < options.machines; at++)
      machines.push(await startOne(folder, remote, at, server.port, options))
    return await play(options, machines, remote)
  } finally {
    for (const { daemon, way } of machines) {
      daemon.stop('the play is over')
      await daemon.ended
      way.close()
    }
    server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

async function play(options: MachinesOptions, machines: readonly Machine[], remote: string): Promise<MachinesResult> {
  const draw = drawing(options.seed)
  const person = createPerson(draw)
  let partitions = 0
  const cuts = new Map<Machine, number>()
  for (let edit = 0; edit < options.edits; edit++) {
    const machine = draw.pick(machines)
    person.edit(machine.root, edit)
    await sleep(draw.random() * 25)
    for (const [cut, untilMs] of cuts) {
      if (performance.now() < untilMs) continue
      cuts.delete(cut)
      await cut.way.heal()
    }
    if (cuts.size < machines.length - 1 && draw.random() < 0.003) {
      const victim = draw.pick(machines)
      if (cuts.has(victim)) continue
      partitions++
      victim.way.cut()
      cuts.set(victim, performance.now() + 500 + draw.random() * 3_500)
    }
    if (edit % 500 === 499) options.log(`${edit + 1} edits, ${partitions} partitions`)
  }
  for (const machine of cuts.keys()) await machine.way.heal()
  const healedMs = performance.now()
  const healedAt = new Date().toISOString().slice(14)
  let differences = await differencesOf(machines, remote)
  while (differences.length > 0 && performance.now() - healedMs < equalWithinMs) {
    await sleep(200)
    differences = await differencesOf(machines, remote)
  }
  const equalAfterMs = differences.length > 0 ? null : performance.now() - healedMs
  if (equalAfterMs === null || equalAfterMs > promisedMs) {
    options.log(`slow: healed at ${healedAt}`)
    for (const { name, told } of machines) options.log(`${name}: ${told.slice(-toldLast).join('\n  ')}`)
  }
  for (const { root } of [...machines, { root: remote }]) git(root, 'fsck', '--strict')
  const reached = reachableMarks([remote, ...machines.map(({ root }) => root)])
  return {
    edits: options.edits,
    partitions,
    conflicts: new Set(machines.flatMap(({ root }) => refsOf(root))).size,
    commits: Number(git(remote, 'rev-list', '--count', 'main')),
    merges: Number(git(remote, 'rev-list', '--count', '--merges', 'main')),
    lost: person.marks().filter((mark) => !reached.has(mark)),
    equalAfterMs,
    differences,
    held: machines.flatMap(({ told }) => told.filter((line) => line.startsWith('held'))).slice(0, 5),
  }
}

function refsOf(root: string): readonly string[] {
  return git(root, 'for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/').split('\n').filter(Boolean)
}

/**
 * Empty: all work trees are what the remote's branch says, and nothing is left to do anywhere. Asked beside the daemons,
 * which live in this very process.
 */
async function differencesOf(machines: readonly Machine[], remote: string): Promise<readonly string[]> {
  const tip = await gitBeside(remote, 'rev-parse', '-q', '--verify', 'main')
  const found = machines.map(async ({ name, root }) => {
    try {
      const head = await gitBeside(root, 'rev-parse', 'HEAD')
      if (head !== tip) return [`${name}: HEAD ${head.slice(0, 10)}, remote ${tip.slice(0, 10)}`]
      const status = await gitBeside(root, 'status', '--porcelain')
      return status === '' ? [] : [`${name}: ${status.split('\n').slice(0, 5).join(', ')}`]
    } catch (error) {
      return [`${name}: ${String(error).slice(0, 200)}`]
    }
  })
  return (await Promise.all(found)).flat()
}

async function startOne(
  folder: string,
  remote: string,
  at: number,
  serverPort: number,
  { mode }: MachinesOptions,
): Promise<Machine> {
  const name = `machine-${at}`
  const root = join(folder, name)
  if (at === 0) {
    git(folder, 'init', '-q', '-b', 'main', root)
    writeFileSync(join(root, 'first.md'), 'first\n')
    git(root, 'add', '-A')
    git(root, 'commit', '-q', '-m', 'first')
    git(root, 'push', '-q', remote, 'main')
  } else git(folder, 'clone', '-q', remote, root)
  const way = await openWay(serverPort)
  git(root, 'config', 'remote.origin.url', `git://127.0.0.1:${way.port}/remote.git`)
  git(root, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*')
  git(root, 'config', 'branch.main.remote', 'origin')
  git(root, 'config', 'branch.main.merge', 'refs/heads/main')
  const engine = await openRepository(root, { environment: gitEnvironment })
  const told: string[] = []
  const all = [...hastySets, `pull.mode=${mode}`]
  const start = await startDaemon({
    engine,
    config: { workspace: root, home: '/nonexistent', env: {}, sets: all },
    version: 'play',
    dryRun: false,
    watch: true,
    pushAllowed: true,
    startedWith: { sets: all, push: true, environment: {} },
    listener: (report) =>
      void (report.kind === 'decided' || told.push(`${new Date().toISOString().slice(14)} ${describe(report).text}`)),
    environment: gitEnvironment,
    temporaryDir: tmpdir(),
    clock: systemClock,
  })
  if (start.kind !== 'started') throw new Error('no other daemon runs here')
  return { name, root, engine, daemon: start.daemon, way, told }
}
