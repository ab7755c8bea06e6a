import type { Trouble, TroubleKind } from './troubles.ts'

/**
 * A trouble from its begin to its end, so that each is told once. The terminal is told of it at once (at the next
 * command), the desktop when it lasts. Instants are those of a clock that never jumps.
 */
export interface Episode {
  readonly key: string
  readonly beganAtMs: number
  /** Not seen since; null: it stands. */
  readonly goneAtMs: number | null
  /** The desktop was told. */
  readonly told: boolean
}

export interface Episodes {
  readonly list: readonly Episode[]
  /** When the desktop was last told of something of a kind. */
  readonly disturbedAtMs: Readonly<Partial<Record<TroubleKind, number>>>
}

/** What must outlive the daemon: a restart tells nothing again. */
export type SavedEpisodes = readonly { readonly key: string; readonly told: boolean }[]

/** What is back within this time was never gone: a retry is under way, or a file is looked at again. */
export const settleMs = 60_000
/** At most one word on the desktop for each kind in this time; what comes meanwhile is told together. */
export const restMs = 15 * 60_000
/** More is not followed: `status` counts it. */
const episodesMax = 500

export interface EpisodesStep {
  readonly episodes: Episodes
  /** New ones. */
  readonly begun: readonly Trouble[]
  /** For the desktop and the log, now. */
  readonly due: readonly Trouble[]
  /** When time alone changes something; Infinity: never. */
  readonly wakeAtMs: number
}

export function restore(saved: SavedEpisodes, nowMs: number): Episodes {
  const list = saved.map(({ key, told }) => ({ key, told, beganAtMs: nowMs, goneAtMs: null }))
  return { list, disturbedAtMs: {} }
}

export function save({ list }: Episodes): SavedEpisodes {
  return list.map(({ key, told }) => ({ key, told }))
}

/** @param troubles everything that stands now. */
export function follow(before: Episodes, troubles: readonly Trouble[], nowMs: number): EpisodesStep {
  const standing = new Map(troubles.map((trouble) => [trouble.key, trouble]))
  const kept = before.list
    .filter(({ goneAtMs }) => goneAtMs === null || nowMs - goneAtMs < settleMs)
    .map((one) => ({ ...one, goneAtMs: standing.has(one.key) ? null : (one.goneAtMs ?? nowMs) }))
  const known = new Set(kept.map(({ key }) => key))
  const room = Math.max(0, episodesMax - kept.length)
  const begun = [...standing.values()].filter(({ key }) => !known.has(key)).slice(0, room)
  const fresh = begun.map(({ key }) => ({ key, beganAtMs: nowMs, goneAtMs: null, told: false }))
  const list: readonly Episode[] = [...kept, ...fresh]
  const dueAtMs = (one: Episode): number => dueInstant(one, standing.get(one.key), before.disturbedAtMs)
  const isDue = (one: Episode): boolean => dueAtMs(one) <= nowMs
  const due = list.filter(isDue).flatMap(({ key }) => standing.get(key) ?? [])
  const disturbed = Object.fromEntries(due.map(({ kind }) => [kind, nowMs]))
  const episodes: Episodes = {
    list: list.map((one) => (isDue(one) ? { ...one, told: true } : one)),
    disturbedAtMs: { ...before.disturbedAtMs, ...disturbed },
  }
  const later = (one: Episode): number => dueInstant(one, standing.get(one.key), episodes.disturbedAtMs)
  return { episodes, begun, due, wakeAtMs: Math.min(Infinity, ...episodes.list.map(later)) }
}

function dueInstant(
  { told, beganAtMs }: Episode,
  trouble: Trouble | undefined,
  disturbedAtMs: Episodes['disturbedAtMs'],
): number {
  if (told || trouble === undefined) return Infinity
  const lastMs = disturbedAtMs[trouble.kind] ?? -Infinity
  return Math.max(beganAtMs + trouble.patienceMs, lastMs + restMs)
}
