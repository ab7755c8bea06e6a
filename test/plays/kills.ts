/**
 * A daemon that is killed again and again at random times, while somebody edits without a pause, has something staged
 * all the while, and another clone pushes. Every so often all rests, and it is looked at what became of it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git, reachableMarks, repeatedCommits } from '../machines/clone.ts'
import { createPerson } from '../machines/person.ts'
import { drawing, sleep } from '../soak/ground.ts'
import { everyPath } from '../support/listing.ts'
import { openElsewhere, type Elsewhere } from './elsewhere.ts'
import { startVictim } from './victim.ts'
import { makeStage, type Stage } from './stage.ts'

export interface KillsOptions {
  readonly seed: number
  /** Ends after so many kills, or at this instant of `performance.now`, whichever comes first. */
  readonly kills: number
  readonly endMs: number
  /** Share of kills that take the daemon's children along, as when a machine goes down. */
  readonly withChildrenShare: number
  /** `bin/workspace-sync.js` */
  readonly program: string
  readonly log: (line: string) => void
}

export interface KillsResult {
  readonly kills: number
  /** Kills that took the daemon's children along, as when a machine goes down. */
  readonly withChildren: number
  /** Kills before the daemon said that it watches. */
  readonly amidStart: number
  readonly edits: number
  readonly pushedElsewhere: number
  readonly commits: number
  readonly merges: number
  readonly killsPerMinute: number
  /** Kills while such a git command ran, also when it was let live. */
  readonly amidGit: Readonly<Record<string, number>>
  /** Marks that no ref of any clone reaches, and that lie in no file. */
  readonly lost: readonly string[]
  /** Marks that lie in a file and in no commit; at the end there is none. */
  readonly uncommitted: number
  /** Anything else that should not be; empty when all is well. */
  readonly faults: readonly string[]
}

/** All that was written is on the remote by then, or something is stuck. */
const calmWithinMs = 90_000
/** Kills between two looks. */
const killsAtOnce = 40
const editEveryMs = 30
const mine = ['mine.md', 'mine-new.md', 'mine-removed.md']

export async function playKills(options: KillsOptions): Promise<KillsResult> {
  const stage = await makeStage('kills', { 'first.md': 'first\n', 'mine.md': '1\n2\n3\n', 'mine-removed.md': 'x\n' })
  let isWell = false
  try {
    const result = await play(options, stage)
    isWell = result.lost.length + result.faults.length === 0
    return result
  } finally {
    if (!isWell) options.log(`everything is kept in ${stage.folder}`)
    stage.close(isWell ? 'remove' : 'keep')
  }
}

interface Scene {
  readonly options: KillsOptions
  readonly stage: Stage
  readonly draw: ReturnType<typeof drawing>
  readonly person: ReturnType<typeof createPerson>
  readonly elsewhere: Elsewhere
  readonly faults: string[]
  readonly counts: { kills: number; withChildren: number; amidStart: number; edits: number }
  readonly amidGit: Map<string, number>
}

async function play(options: KillsOptions, stage: Stage): Promise<KillsResult> {
  const draw = drawing(options.seed)
  const scene: Scene = {
    options,
    stage,
    draw,
    person: createPerson(draw, (path) => mine.includes(path)),
    elsewhere: openElsewhere(stage, drawing(options.seed + 1), (path) => mine.includes(path)),
    faults: [],
    counts: { kills: 0, withChildren: 0, amidStart: 0, edits: 0 },
    amidGit: new Map(),
  }
  const staged = stageSomething(stage.root)
  const startMs = performance.now()
  while (scene.counts.kills < options.kills && performance.now() < options.endMs && scene.faults.length === 0) {
    await killSome(scene)
    await rest(scene, staged)
    options.log(`${JSON.stringify(scene.counts)} ${scene.faults.join('; ')}`)
  }
  const { counts, person, elsewhere, faults } = scene
  const minutes = (performance.now() - startMs) / 60_000
  faults.push(...repeatedCommits(stage.root, 'main'))
  for (const root of [stage.root, stage.remote]) faults.push(...fsck(root))
  const reached = reachableMarks([stage.root, stage.remote, elsewhere.root])
  const unreached = [...person.marks(), ...elsewhere.marks()].filter((mark) => !reached.has(mark))
  const onDisk = marksIn(stage.root)
  const uncommitted = unreached.filter((mark) => onDisk.has(mark)).length
  if (uncommitted > 0) faults.push(`${uncommitted} marks are on the disk and in no commit`)
  return {
    ...counts,
    amidGit: Object.fromEntries(scene.amidGit),
    pushedElsewhere: elsewhere.pushed(),
    commits: Number(git(stage.remote, 'rev-list', '--count', 'main')),
    merges: Number(git(stage.remote, 'rev-list', '--count', '--merges', 'main')),
    killsPerMinute: Math.round(counts.kills / minutes),
    lost: unreached.filter((mark) => !onDisk.has(mark)),
    uncommitted,
    faults,
  }
}

/** In the files of the work tree. */
function marksIn(root: string): ReadonlySet<string> {
  const files = everyPath(root, ['.git']).filter((path) => !path.endsWith('/'))
  const texts = files.map((path) => readFileSync(join(root, path), 'latin1'))
  return new Set(texts.flatMap((text) => text.match(/mark-\d+-\d+/g) ?? []))
}

/** A hunk, a new file and a removal; below the first another edit that is not staged. */
function stageSomething(root: string): string {
  const write = (path: string, text: string): void => writeFileSync(join(root, path), text)
  write('mine.md', '1\n2 staged\n3\n')
  write('mine-new.md', 'staged\n')
  git(root, 'add', 'mine.md', 'mine-new.md')
  write('mine.md', '1\n2 staged\n3 not staged\n')
  git(root, 'rm', '-q', '--cached', 'mine-removed.md')
  return stagedNow(root)
}

function stagedNow(root: string): string {
  return git(root, 'diff', '--cached', '--raw', '--no-abbrev') + git(root, 'ls-files', '--stage', '--', ...mine)
}

async function killSome({ options, stage, draw, person, elsewhere, faults, counts, amidGit }: Scene): Promise<void> {
  let isWriting = true
  const writes = async (): Promise<void> => {
    while (isWriting) {
      person.edit(stage.root, counts.edits++)
      await sleep(draw.random() * 2 * editEveryMs)
    }
  }
  const pushes = async (): Promise<void> => {
    while (isWriting) {
      await sleep(draw.random() * 4_000)
      await elsewhere.push()
    }
  }
  const others = [writes(), pushes()]
  for (let kill = 0; kill < killsAtOnce; kill++) {
    if (counts.kills >= options.kills || performance.now() > options.endMs) break
    const victim = startVictim(options.program, stage)
    if (draw.random() < 0.35) await sleep(draw.random() * 800)
    else {
      await victim.watches
      // From 5 to 1,500 ms, as many below 90 as above: the first moments are the busiest.
      await sleep(5 * 300 ** draw.random())
    }
    if (victim.hasEnded()) {
      faults.push(`the daemon ended by itself, ${await victim.ending}\n${victim.said().slice(-3_000)}`)
      break
    }
    const isWithChildren = draw.random() < options.withChildrenShare
    counts.kills += 1
    counts.withChildren += isWithChildren ? 1 : 0
    counts.amidStart += victim.isWatching() ? 0 : 1
    for (const verb of new Set(await victim.kill9(isWithChildren))) amidGit.set(verb, (amidGit.get(verb) ?? 0) + 1)
  }
  isWriting = false
  await Promise.all(others)
}

/** The next daemon brings all of it to the remote, and leaves nothing behind. */
async function rest(scene: Scene, staged: string): Promise<void> {
  const { options, stage, faults } = scene
  const { root, remote } = stage
  const victim = startVictim(options.program, stage)
  const endMs = performance.now() + calmWithinMs
  const look = (): string | null => unsettled(root, remote) ?? lockedIn(root)
  let left = look()
  while (left !== null && performance.now() < endMs && !victim.hasEnded()) {
    await sleep(250)
    left = look()
  }
  const said = (): string => victim.said().slice(-3_000)
  if (victim.hasEnded()) faults.push(`the daemon ended by itself, ${await victim.ending}\n${said()}`)
  else if (left !== null) faults.push(`not settled: ${left}\n${said()}`)
  if ((await victim.stop()) !== 0) faults.push(`the daemon ended badly, ${await victim.ending}\n${said()}`)
  if (stagedNow(root) !== staged) faults.push(`staged is now\n${stagedNow(root)}\ninstead of\n${staged}`)
  const leftovers = leftIn(root)
  if (leftovers !== null) faults.push(leftovers)
  const aside = readdirSync(stage.stateDir).filter((name) => /damaged|\.tmp$/.test(name))
  if (aside.length > 0) faults.push(`in the state directory: ${aside.join(', ')}`)
  JSON.parse(readFileSync(join(stage.stateDir, 'state.json'), 'utf8'))
  faults.push(...fsck(root))
}

/** Locks, and what is made beside its place. */
function leftIn(root: string): string | null {
  const found = everyPath(join(root, '.git')).filter((path) =>
    /\.lock$|packed-refs\.new$|index-copy|tmp_objdir|\/replaced\/|\/claims\/./.test(path),
  )
  return found.length === 0 ? null : `left behind: ${found.join(', ')}`
}

/** A lock that a killed git has left is waited for, so that nobody else's is taken away: a daemon needs its time. */
function lockedIn(root: string): string | null {
  try {
    const names = everyPath(join(root, '.git'), ['objects'])
    return names.find((path) => path.endsWith('.lock') && !path.endsWith('/daemon.lock')) ?? null
  } catch {
    return 'files that come and go'
  }
}

/** null: work tree, branch and remote are one, but for what is staged. */
function unsettled(root: string, remote: string): string | null {
  const status = git(root, 'status', '--porcelain')
  const expected = ['?? mine-removed.md', 'A  mine-new.md', 'D  mine-removed.md', 'MM mine.md']
  const dirty = status.split('\n').filter((line) => !expected.includes(line.trim()))
  if (dirty.length > 0) return `${dirty.length} paths such as ${dirty[0]}`
  const [head, tip] = [git(root, 'rev-parse', 'HEAD'), git(remote, 'rev-parse', 'main')]
  return head === tip ? null : `HEAD ${head}, remote ${tip}`
}

function fsck(root: string): readonly string[] {
  try {
    git(root, 'fsck', '--strict', '--no-dangling')
    return []
  } catch (error) {
    return [`fsck: ${String(error)}`]
  }
}
