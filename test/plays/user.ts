/**
 * A person who uses git beside the daemon: stages, commits, amends, rebases, merges, stashes, switches branches, and holds
 * locks, while edits go on and another clone pushes. Every move of every branch is looked at, and everything that was
 * written has to be somewhere in the end.
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask } from '../../src/control/control.ts'
import { startDaemon, type Daemon } from '../../src/daemon/daemon.ts'
import { openRepository } from '../../src/git/git.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { describe } from '../../src/report/report.ts'
import { git, hastySets, reachableMarks } from '../machines/clone.ts'
import { drawing, sleep } from '../soak/ground.ts'
import { everyPath } from '../support/listing.ts'
import { acts, backTo, branches, putInOrder } from './acts.ts'
import { createAudit, message, type Audit } from './audit.ts'
import { createDeeds } from './deeds.ts'
import { openElsewhere, type Elsewhere } from './elsewhere.ts'
import { createHand, type Hand } from './hand.ts'
import { createRecord, type PlayRecord } from './record.ts'
import { makeStage, type Stage } from './stage.ts'

export interface UserOptions {
  readonly seed: number
  /** Ends after so many commands, or at this instant of `performance.now`, whichever comes first. */
  readonly commands: number
  readonly endMs: number
  /** Gets all that was done and seen, in the end. */
  readonly recordFile: string | null
  readonly log: (line: string) => void
}

export interface UserResult {
  readonly commands: number
  /** Given a second time, because somebody else held the lock or had moved the branch in that moment. */
  readonly again: number
  /** How often something staged was still so after a while. */
  readonly stagedKept: number
  readonly byName: Readonly<Record<string, string>>
  readonly automaticCommits: number
  readonly integrations: number
  readonly movesByPerson: number
  readonly replacedRemote: number
  /** Marks in no commit, since the person threw them away before there was one. */
  readonly thrownAway: number
  /** Paths that came back by our commits, since the person had put them there. */
  readonly putBack: number
  readonly pushedElsewhere: number
  readonly lost: readonly string[]
  readonly faults: readonly string[]
}

/** Acts between two looks at what became of the branches. */
const lookEvery = 10
const settledWithinMs = 60_000
/** Of a play that went wrong. */
const tracesMax = 10
const linesTold = 100

interface Scene {
  readonly options: UserOptions
  readonly stage: Stage
  readonly daemon: Daemon
  readonly hand: Hand
  readonly audit: Audit
  readonly elsewhere: Elsewhere
  readonly told: string[]
  readonly record: PlayRecord
  replaced: number
}

export async function playUser(options: UserOptions): Promise<UserResult> {
  const stage = await makeStage('user', { 'first.md': 'first\n' })
  const { root } = stage
  for (const branch of ['second', 'side']) git(root, 'branch', '-q', '--track', branch, 'main')
  git(root, 'push', '-q', 'origin', 'second', 'side')
  for (const branch of ['second', 'side']) git(root, 'branch', '-q', '-u', `origin/${branch}`, branch)
  const told: string[] = []
  const record = createRecord(root, Date.now)
  const daemon = await startHere(stage, (text) => {
    told.push(text)
    record.say(text)
  })
  const deeds = createDeeds()
  const hand = createHand(stage, drawing(options.seed), record, deeds)
  const audit = createAudit(root, branches, deeds.wasPut)
  const isOthers = (path: string): boolean => !/^(notes|code|data)\//.test(path)
  const elsewhere = openElsewhere(stage, drawing(options.seed + 1), isOthers)
  daemon.ended.catch((error: unknown) => hand.faults.push(`the daemon ended: ${String(error)}`))
  const scene: Scene = { options, stage, daemon, hand, audit, elsewhere, told, record, replaced: 0 }
  try {
    return await play(scene)
  } finally {
    daemon.stop('the play is over')
    await daemon.ended
    stage.close()
  }
}

async function play(scene: Scene): Promise<UserResult> {
  const { options, stage, hand, audit, elsewhere } = scene
  const { root, remote } = stage
  for (let act = 1; hand.counts.commands < options.commands && performance.now() < options.endMs; act++) {
    await one(scene)
    if (act % lookEvery !== 0) continue
    hand.faults.push(...audit.look())
    if (act % (lookEvery * 5) === 0) options.log(`${hand.counts.commands} commands, ${JSON.stringify(audit.counts)}`)
    if (hand.faults.length > 0) break
  }
  await settle(scene)
  hand.faults.push(...audit.look(), ...whole(root), ...whole(remote))
  const locks = everyPath(join(root, '.git')).filter((path) => path.endsWith('.lock') && !path.endsWith('daemon.lock'))
  if (locks.length > 0) hand.faults.push(`left behind: ${locks.join(', ')}`)
  const reached = reachableMarks([root, remote, elsewhere.root], ['--reflog'])
  const lost = [...hand.marks(), ...elsewhere.marks()].filter((mark) => !reached.has(mark))
  const thrownAway = hand.thrownAway().filter((mark) => !reached.has(mark))
  tellTraces(scene, lost, thrownAway)
  const byName = [...hand.counts.byName].map(([name, { given, refused }]) => [name, `${given}, ${refused} refused`])
  return {
    commands: hand.counts.commands,
    again: hand.counts.again,
    stagedKept: hand.counts.staged,
    byName: Object.fromEntries(byName),
    automaticCommits: audit.counts.commits,
    integrations: audit.counts.integrations,
    movesByPerson: audit.counts.byPerson,
    replacedRemote: scene.replaced,
    thrownAway: thrownAway.length,
    putBack: audit.putBack.length,
    pushedElsewhere: elsewhere.pushed(),
    lost,
    faults: hand.faults,
  }
}

/** Of what is missing or there again: everything that was seen of it. */
function tellTraces(
  { options, hand, audit, record }: Scene,
  lost: readonly string[],
  thrownAway: readonly string[],
): void {
  for (const mark of thrownAway) record.say(`thrown away: ${mark}`)
  for (const put of audit.putBack) record.say(`put back: ${put}`)
  const paths = hand.faults.flatMap((fault) => [...fault.matchAll(/\bu\/f\d+\.md/g)].map(([path]) => path))
  for (const word of new Set([...lost, ...paths].slice(0, tracesMax)))
    options.log([`of ${word}:`, ...record.about(word)].join('\n'))
  if (hand.faults.length + lost.length > 0) options.log(record.lines().slice(-linesTold).join('\n'))
  if (options.recordFile !== null) writeFileSync(options.recordFile, `${record.lines().join('\n')}\n`)
}

const totalWeight = acts.reduce((sum, { weight }) => sum + weight, 0)

async function one(scene: Scene): Promise<void> {
  const { hand, elsewhere, told } = scene
  const { draw } = hand
  let left = draw.random() * totalWeight
  const act = acts.find(({ weight }) => (left -= weight) < 0)
  if (act === undefined || hand.files().length === 0) return void hand.edit()
  hand.edit()
  const faults = hand.faults.length
  const pushes = draw.random() < 0.2 ? elsewhere.push() : Promise.resolve()
  await putInOrder(hand)
  scene.record.say(`--- ${act.name}`)
  await act.play(hand)
  await pushes
  if (hand.faults.length > faults) told.push(`--- that was ${act.name}`)
  await hand.rest(200)
  if (draw.random() < 0.6) await saysWhichCounts(scene)
  if (draw.random() < 0.1) await backTo(hand, 'main')
}

/** After history was rewritten: the person's word for what is here, or back to what the remote has. */
async function saysWhichCounts(scene: Scene): Promise<void> {
  const { hand, stage, told } = scene
  const last = told.findLast((line) => /(paused: rewritten|resumed: rewritten)/.test(line))
  if (last === undefined || last.includes('resumed')) return
  if (hand.draw.random() < 0.2) {
    await hand.run(['reset', '-q', '--hard', '@{u}'])
    return
  }
  hand.counts.commands += 1
  const answer = await ask(stage.stateDir, 'sync', { paths: [], replaceRemote: true })
  if (answer !== 'no-daemon' && answer.ok) scene.replaced += 1
  else told.push(JSON.stringify(answer))
}

/** The person ends what is open; then all is on the remote. */
async function settle(scene: Scene): Promise<void> {
  const { hand, stage } = scene
  const { root, remote } = stage
  await backTo(hand, 'main')
  await hand.run(['commit', '-q', ...message()])
  const endMs = performance.now() + settledWithinMs
  const unsettled = (): string =>
    hand.ask('status', '--porcelain', '--branch').split('\n').slice(1).join(', ') ||
    (hand.ask('rev-parse', 'main') === git(remote, 'rev-parse', 'main') ? '' : 'the remote has another commit')
  while (unsettled() !== '' && performance.now() < endMs) {
    await saysWhichCounts(scene)
    await sleep(200)
  }
  if (unsettled() !== '') hand.faults.push(`not settled: ${unsettled()}; ${git(root, 'log', '-1', '--oneline')}`)
}

function whole(root: string): readonly string[] {
  try {
    git(root, 'fsck', '--strict', '--no-dangling')
    return []
  } catch (error) {
    return [`fsck: ${String(error)}`]
  }
}

async function startHere({ root, environment }: Stage, tell: (text: string) => void): Promise<Daemon> {
  const engine = await openRepository(root, { environment })
  const sets = [...hastySets, `branches=${JSON.stringify(branches.listed)}`]
  const start = await startDaemon({
    engine,
    config: { workspace: root, home: '/nonexistent', env: {}, sets },
    version: 'play',
    dryRun: false,
    watch: true,
    pushAllowed: true,
    startedWith: { sets, push: true, environment: {} },
    listener: (report) => void (report.kind === 'decided' || tell(describe(report).text)),
    environment,
    temporaryDir: tmpdir(),
    clock: systemClock,
  })
  if (start.kind !== 'started') throw new Error('no other daemon runs here')
  return start.daemon
}
