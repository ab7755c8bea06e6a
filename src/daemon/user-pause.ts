import type { Clock } from '../platform/platform.ts'
import type { Pause } from '../types.ts'
import { failureOf } from './failure.ts'
import type { StateStore } from './state-file.ts'
import type { SavedPause } from './state-schema.ts'

/** The name of the pause that a person asked for. */
export const byHand = 'by-hand'

/** What `pause` and `resume` say. It outlives the daemon in `state.json`. */
export interface UserPause {
  /** null: nobody paused, or the time is over. */
  current(): Pause | null
  /** @param forMs null: until somebody says otherwise. @throws the system's error when it cannot be written. */
  set(by: string, forMs: number | null): void
  /** @returns whether there was a pause. @throws as `set`. */
  end(): boolean
  /** The wall clock jumped: a stored instant moves along, as all others do. */
  shift(deltaMs: number): void
  untilMs(): number | null
}

/** Its end is counted on the clock that never jumps; the instant in `state.json` is for the next start, and to read. */
export function createUserPause(state: StateStore, clock: Clock): UserPause {
  let endsAtMs = Infinity
  const keep = (pause: SavedPause): void => {
    endsAtMs = pause.untilMs === null ? Infinity : clock.monotonicMs() + pause.untilMs - clock.nowMs()
  }
  const { pause } = state.value
  if (pause !== null) {
    // A clock set back while nobody watched must not make the pause longer than it was meant to be.
    const aheadMs = Math.max(0, pause.sinceMs - clock.nowMs())
    if (aheadMs > 0) tryToSave(state, moved(pause, -aheadMs))
    keep(moved(pause, -aheadMs))
  }
  return {
    current() {
      const saved = state.value.pause
      if (saved === null) return null
      if (clock.monotonicMs() < endsAtMs) return pauseOf(saved)
      endsAtMs = -Infinity
      tryToSave(state, null)
      return null
    },
    set(by, forMs) {
      const nowMs = clock.nowMs()
      const next = { by, sinceMs: nowMs, untilMs: forMs === null ? null : nowMs + forMs }
      state.update({ pause: next })
      keep(next)
    },
    end() {
      const was = state.value.pause !== null && clock.monotonicMs() < endsAtMs
      if (state.value.pause !== null) state.update({ pause: null })
      return was
    },
    shift(deltaMs) {
      const saved = state.value.pause
      if (saved !== null) tryToSave(state, moved(saved, deltaMs))
    },
    untilMs: () => state.value.pause?.untilMs ?? null,
  }
}

function moved(pause: SavedPause, deltaMs: number): SavedPause {
  const untilMs = pause.untilMs === null ? null : pause.untilMs + deltaMs
  return { ...pause, sinceMs: pause.sinceMs + deltaMs, untilMs }
}

/** Only the next start would miss it, and a disk that takes nothing is told as that. */
function tryToSave(state: StateStore, pause: SavedPause | null): void {
  try {
    state.update({ pause })
  } catch (error) {
    failureOf(error)
  }
}

function pauseOf({ by, sinceMs, untilMs }: SavedPause): Pause {
  const until = untilMs === null ? '' : `, until ${localTime(untilMs)}`
  const remedy = 'workspace-sync resume ends it'
  const detail = `paused by ${by} at ${localTime(sinceMs)}${until}; ${remedy}`
  return { name: byHand, detail, remedy, stops: 'commit' }
}

/** `2026-01-31 14:05`, in the zone of this machine. */
function localTime(atMs: number): string {
  const at = new Date(atMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`
}
