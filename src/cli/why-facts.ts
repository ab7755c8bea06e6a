import type { DryVerdict } from '../daemon/daemon.ts'
import { SyncError } from '../errors.ts'
import type { AutomaticCommit, GitEngine } from '../git/git.ts'
import { readJournal, type DecisionRecord, type OutcomeRecord } from '../journal/journal.ts'
import type { Oid, PathBytes } from '../types.ts'
import { journalFault } from './messages/journal.ts'

/** Commits that are asked for in git's own history of one path. */
const commitsMax = 5
/** Outcomes looked through for what stands in the way now. */
const outcomesMax = 200

/** Where a commit is. unknown: the branch has no upstream to compare with. gone: this branch has it no more. */
export type Whereabouts = 'pushed' | 'waiting' | 'unknown' | 'gone'

export interface Recorded extends DecisionRecord {
  readonly where: Whereabouts | null
}

export interface WhyFacts {
  readonly path: PathBytes
  readonly kind: 'file' | 'directory' | 'missing'
  /** Newest first; of a directory the last about each path below it. */
  readonly decisions: readonly Recorded[]
  /** With a decision recorded. */
  readonly pathCount: number
  /** Automatic commits of it, by git itself, newest first. */
  readonly commits: readonly (AutomaticCommit & { readonly where: Whereabouts })[]
  readonly renamedFrom: PathBytes | null
  readonly renamedTo: PathBytes | null
  /** Pauses that are not over. */
  readonly pauses: readonly string[]
  /** Records that were lost while the last decision was the newest. */
  readonly lostCount: number
  /** What would become of it if it changed now; null for a directory. */
  readonly now: DryVerdict | null
}

export interface Question {
  readonly path: PathBytes
  readonly kind: 'file' | 'directory' | 'missing'
  readonly limit: number
}

/** @throws SyncError `system` when the journal is there and cannot be read. */
export async function whyFacts(
  engine: GitEngine,
  judge: (path: PathBytes) => Promise<DryVerdict>,
  { path, kind, limit }: Question,
): Promise<WhyFacts> {
  const recorded = await recordedOf(engine.repository.stateDir, path, kind, limit)
  const { ref, oid: tip } = await engine.head()
  const commits = tip === null ? [] : await engine.history.automaticCommits(tip, [path], commitsMax)
  const unpushed = ref === null ? null : await engine.history.unpushed(ref)
  const inBranch = new Set(commits.map(({ oid }) => oid))
  const whereIs = async (oid: Oid): Promise<Whereabouts> => {
    if (!inBranch.has(oid) && (tip === null || !(await engine.history.isAncestor(oid, tip)))) return 'gone'
    if (unpushed === null) return 'unknown'
    return unpushed.has(oid) ? 'waiting' : 'pushed'
  }
  const places = new Map<Oid, Whereabouts>()
  for (const oid of [...recorded.decisions.flatMap(({ commit }) => commit ?? []), ...inBranch]) {
    if (!places.has(oid)) places.set(oid, await whereIs(oid))
  }
  const newest = commits[0]?.oid
  const oldest = commits.length < commitsMax ? commits.at(-1)?.oid : undefined
  const renames = kind === 'directory' ? [] : await renamesOf(engine, [newest, oldest])
  return {
    path,
    // What lies there no more may have been a directory: then only what was below it is recorded.
    kind: recorded.below ? 'directory' : kind,
    decisions: recorded.decisions.map((decision) => ({
      ...decision,
      where: decision.commit === null ? null : (places.get(decision.commit) ?? null),
    })),
    pathCount: recorded.pathCount,
    commits: commits.map((commit) => ({ ...commit, where: places.get(commit.oid) ?? 'unknown' })),
    renamedFrom: renames.find(({ to }) => to === path)?.from ?? null,
    renamedTo: kind === 'missing' ? (renames.find(({ from }) => from === path)?.to ?? null) : null,
    pauses: openPauses(recorded.outcomes),
    lostCount: lostSince(recorded.outcomes, recorded.decisions[0]?.atMs ?? 0),
    now: kind === 'directory' || recorded.below ? null : await judge(path),
  }
}

interface RecordedPath {
  readonly decisions: readonly DecisionRecord[]
  readonly pathCount: number
  readonly below: boolean
  readonly outcomes: readonly OutcomeRecord[]
}

async function recordedOf(
  stateDir: string,
  path: PathBytes,
  kind: Question['kind'],
  limit: number,
): Promise<RecordedPath> {
  const reading = await readJournal(stateDir, (reader): RecordedPath => {
    const outcomes = reader.outcomes(outcomesMax)
    const decisions = kind === 'directory' ? [] : reader.decisions(path, limit)
    if (decisions.length > 0) return { decisions, pathCount: 1, below: false, outcomes }
    const { last, pathCount } = kind === 'file' ? { last: [], pathCount: 0 } : reader.below(path, limit)
    return { decisions: last, pathCount, below: pathCount > 0, outcomes }
  })
  if (reading.kind === 'read') return reading.value
  if (reading.kind === 'absent') return { decisions: [], pathCount: 0, below: false, outcomes: [] }
  const { message, hint } = journalFault(stateDir, reading.fault)
  throw new SyncError('system', message, hint)
}

/** A file that appeared or vanished in a commit may have come from, or gone to, another name. */
async function renamesOf(engine: GitEngine, commits: readonly (Oid | undefined)[]) {
  const asked = [...new Set(commits.filter((oid) => oid !== undefined))]
  return (await Promise.all(asked.map((oid) => engine.history.renamesIn(oid)))).flat()
}

/** @param outcomes newest first. */
function openPauses(outcomes: readonly OutcomeRecord[]): readonly string[] {
  const over = new Set<string>()
  const open: string[] = []
  for (const { what, name } of outcomes) {
    if (what === 'started' || what === 'stopped') break
    if (name === null || over.has(name)) continue
    if (what === 'paused') open.push(name)
    if (what === 'paused' || what === 'resumed') over.add(name)
  }
  return open
}

function lostSince(outcomes: readonly OutcomeRecord[], sinceMs: number): number {
  return outcomes.reduce((sum, { what, atMs, count }) => (what === 'gap' && atMs >= sinceMs ? sum + count : sum), 0)
}
