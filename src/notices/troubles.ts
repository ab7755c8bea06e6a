/** What somebody should hear of unasked: found in how things stand, each with the command that settles it. */
import { shellWord } from '../shell.ts'

/** asked: rules or settings of the workspace that are not in force before somebody agrees. */
export type TroubleKind = 'paused' | 'held' | 'asked' | 'conflict' | 'quarantined' | 'waiting'

export interface Trouble {
  /** The same trouble has the same key for as long as it lasts. */
  readonly key: string
  readonly kind: TroubleKind
  /** One line: what is wrong and what settles it. */
  readonly text: string
  /** The desktop is disturbed only for what lasts longer. */
  readonly patienceMs: number
}

/** How things stand, as far as anybody may have to be told. */
export interface Situation {
  /** What stops commits or pushes and is not merely a network that is gone. */
  readonly obstacle: { readonly name: string; readonly detail: string } | null
  readonly held: readonly { readonly path: string; readonly reason: string }[]
  readonly asked: readonly { readonly path: string; readonly reason: string }[]
  /** Paths of which both sides are kept. */
  readonly conflicts: readonly string[]
  readonly quarantine: readonly { readonly pattern: string; readonly proposedRule: string }[]
  /** Age of the oldest change that should be on the remote and is not; 0: there is none. */
  readonly unsyncedMs: number
  /** For how long the remote has had commits that are not here; 0: it has none. */
  readonly behindMs: number
  /** Why the remote is not reached, where that is known. */
  readonly offline: string | null
}

const minuteMs = 60_000
/** A change that has waited so long is told, whatever the reason. */
const waitingMs = 15 * minuteMs
/** Whoever is not in step for so long is told again, also where a reason was told before. */
const longMs = 60 * minuteMs
/** What is over in a moment disturbs nobody. */
const briefMs = 5_000
/** What people are in the middle of, such as a rebase: they know. After so long they may have forgotten it. */
const ownDoingMs = 15 * minuteMs

const ownPauses = /^(by-hand|detached-head|unmerged|branch-not-listed|[a-z-]+-in-progress)$/
const ownHolds = /^(is staged|has a merge conflict|is still being written|not whole)/
/** Only until the tree was looked at. */
const passing = 'first-look'

export function troublesOf(situation: Situation): readonly Trouble[] {
  const { obstacle, held, asked, conflicts, quarantine } = situation
  return [
    ...(obstacle === null || obstacle.name === passing ? [] : [pausedTrouble(obstacle)]),
    ...held.map(heldTrouble),
    ...asked.map(askedTrouble),
    ...conflicts.map(conflictTrouble),
    ...quarantine.map(quarantineTrouble),
    ...waitingTrouble(situation),
    ...longTrouble(situation),
  ]
}

function pausedTrouble({ name, detail }: { readonly name: string; readonly detail: string }): Trouble {
  const patienceMs = ownPauses.test(name) ? ownDoingMs : briefMs
  const text = name === 'by-hand' ? detail : `paused: ${detail}`
  return { key: `paused:${name}`, kind: 'paused', text, patienceMs }
}

function heldTrouble({ path, reason }: { readonly path: string; readonly reason: string }): Trouble {
  const patienceMs = ownHolds.test(reason) ? ownDoingMs : briefMs
  return { key: `held:${path}`, kind: 'held', text: `held: ${path}: ${reason}`, patienceMs }
}

function askedTrouble({ path, reason }: { readonly path: string; readonly reason: string }): Trouble {
  return { key: `asked:${path}`, kind: 'asked', text: `not in force: ${path} ${reason}`, patienceMs: briefMs }
}

function conflictTrouble(path: string): Trouble {
  const word = shellWord(path)
  const text =
    `conflict: ${path} changed here and on the remote; the branch has the remote's side, ours is kept: ` +
    `workspace-sync conflicts show ${word}, then workspace-sync conflicts resolve ${word} --ours or --theirs, ` +
    'or neither once you have edited it'
  return { key: `conflict:${path}`, kind: 'conflict', text, patienceMs: briefMs }
}

function quarantineTrouble(one: Situation['quarantine'][number]): Trouble {
  const { pattern, proposedRule } = one
  const text =
    `in quarantine: ${pattern} takes part in a commit loop; the rule ${proposedRule} would settle it, ` +
    `or workspace-sync release ${shellWord(pattern)}`
  return { key: `quarantined:${pattern}`, kind: 'quarantined', text, patienceMs: briefMs }
}

/** What is paused waits of course, and was told as that. */
function waitingTrouble({ obstacle, unsyncedMs, offline }: Situation): readonly Trouble[] {
  if (obstacle !== null || unsyncedMs < waitingMs) return []
  const why = offline === null ? '' : ` (${offline})`
  const text = `a change has waited for the remote for over 15 minutes${why}; what to do: workspace-sync status`
  return [{ key: 'waiting', kind: 'waiting', text, patienceMs: 0 }]
}

/** Not for what somebody does by hand: they know. */
function longTrouble({ obstacle, unsyncedMs, behindMs, offline }: Situation): readonly Trouble[] {
  if (Math.max(unsyncedMs, behindMs) < longMs || (obstacle !== null && ownPauses.test(obstacle.name))) return []
  const why = obstacle?.detail ?? offline
  const what =
    unsyncedMs >= longMs ? 'changes have waited for the remote' : 'the remote has had commits that are not here'
  const text = `${what} for over an hour${why === null ? '' : ` (${why})`}; what to do: workspace-sync status`
  return [{ key: 'waiting-long', kind: 'waiting', text, patienceMs: 0 }]
}
