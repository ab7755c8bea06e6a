/**
 * The loop breaker: what rules and attribution miss must still not loop. Patterns that are committed again and again go
 * slow (one commit a cooldown, always the newest bytes); a slow pattern that answers our commits, or is written like
 * clockwork, goes to quarantine. Blocked and allowed paths are never told to it. Pure: time and chance are arguments.
 */

import { pathBytes, pathText } from '../types.ts'
import type { Lane, LoopSignal, PathBytes, Trigger } from '../types.ts'
import { newNamesEnough, patternState } from './breaker-state.ts'
import { patternOf, patternsByChance } from './pattern.ts'
import { proposedRule } from './pattern-rule.ts'
import { breakerDefaults, type BreakerOptions } from './breaker-options.ts'
import { readSavedBreaker, type SavedBreaker } from './breaker-saved.ts'
import type { PatternState } from './breaker-state.ts'
import type { Pattern } from './pattern.ts'

interface SlowPattern {
  readonly pattern: string
  readonly sinceMs: number
  /** The path of the pattern written last. */
  readonly path: PathBytes
}

interface QuarantinedPattern extends SlowPattern {
  readonly signal: LoopSignal
  /** A line for a rule file that would settle it. */
  readonly proposedRule: string
}

export interface BreakerView {
  readonly slow: readonly SlowPattern[]
  readonly quarantine: readonly QuarantinedPattern[]
  /** The limit of patterns is reached by slow and quarantined ones alone: new patterns are not watched. */
  readonly full: boolean
}

/**
 * @param options what differs from `breakerDefaults`
 * @param saved what `save` gave, read back from disk; damaged or of another version: the breaker starts afresh and
 * learns within three commits
 */
export function createBreaker(options: Partial<BreakerOptions>, saved: unknown): Breaker {
  return new Breaker({ ...breakerDefaults, ...options }, readSavedBreaker(saved))
}

export class Breaker {
  private options: BreakerOptions
  /** Both in the order of the last touch, oldest first. */
  private readonly normal = new Map<string, PatternState>()
  private readonly kept = new Map<string, PatternState>()
  /** Lengths of random names that kept patterns were seen to draw. */
  private readonly randomLengths = new Set<number>()

  constructor(options: BreakerOptions, saved: SavedBreaker | null) {
    this.options = options
    for (const [key, state] of saved?.patterns ?? []) this.put(key, state)
  }

  /**
   * A write noticed at a path that no rule ALLOWs and nothing blocked; also one that a reconcile found.
   * @param personal known to be by a person or an open agent turn: the pattern is forgotten, whatever it was
   */
  wrote(path: PathBytes, atMs: number, personal: boolean): void {
    const { key, randomLength } = this.patternOf(path)
    const state = this.find(key, atMs)
    if (personal) this.drop(key)
    else if (state === null) this.put(key, patternState.fresh(path, atMs, randomLength, this.options))
    else this.put(key, patternState.wrote(state, path, atMs, randomLength, this.options))
  }

  /**
   * A commit of ours took these paths.
   * @param atMs when its bytes were fixed, not when the push ended: answers are counted from the planned instant on
   * @param trigger only automatic commits make a pattern slow
   */
  committed(paths: readonly PathBytes[], atMs: number, trigger: Trigger = 'automatic'): void {
    const keys = new Set(paths.map((path) => this.patternOf(path).key))
    for (const key of keys) {
      const state = this.find(key, atMs)
      if (state === null) continue
      this.put(key, patternState.committed(state, atMs, trigger === 'automatic', this.options))
    }
  }

  /**
   * Where the path's pattern is now. A slow pattern's `commitAtMs` is the same for all its paths, so that they leave in
   * one commit; it may move until its delay begins, so ask again when it is reached.
   * @param chance uniform in [0,1); called at most once, at the first question after a commit
   */
  lane(path: PathBytes, nowMs: number, chance: () => number): Lane {
    const { key } = this.patternOf(path)
    const found = this.find(key, nowMs)
    if (found === null) return { kind: 'normal' }
    const pattern = textOf(key)
    if (found.stage.kind === 'quarantine') return { kind: 'quarantine', pattern, signal: found.stage.signal }
    const { state, dueMs } = patternState.planned(found, nowMs, chance, this.options)
    if (dueMs === null) return { kind: 'normal' }
    this.put(key, state)
    return { kind: 'slow', pattern, commitAtMs: dueMs }
  }

  /**
   * Forgets what is slow or in quarantine.
   * @param pathOrPattern a path (as text or as bytes), or a pattern as `view` shows it
   * @returns the patterns released, as text; empty when nothing was slow or in quarantine there
   */
  release(pathOrPattern: string): readonly string[] {
    const keys = new Set([pathOrPattern as PathBytes, pathBytes(pathOrPattern)].map((path) => this.patternOf(path).key))
    return this.dropWhere((key) => keys.has(key) || textOf(key) === pathOrPattern)
  }

  /**
   * After the rules changed: forgets what they now decide.
   * @param decided whether a rule blocks or allows the path @returns the patterns released, as text
   */
  settle(decided: (path: PathBytes) => boolean): readonly string[] {
    return this.dropWhere((_key, state) => decided(state.lastPath))
  }

  view(nowMs: number): BreakerView {
    const slow: SlowPattern[] = []
    const quarantine: QuarantinedPattern[] = []
    for (const [key, { stage, lastPath: path, lastWriteMs }] of this.kept) {
      const pattern = textOf(key)
      if (stage.kind === 'quarantine') {
        const { signal, sinceMs } = stage
        quarantine.push({ pattern, signal, sinceMs, path, proposedRule: proposedRule(pattern, signal) })
      } else if (stage.kind === 'slow' && nowMs - lastWriteMs < this.options.forgetAfterMs) {
        slow.push({ pattern, sinceMs: stage.sinceMs, path })
      }
    }
    return { slow, quarantine, full: this.kept.size >= this.options.patternsMax }
  }

  /** Another `limits.cooldown`, from the next question on. */
  setCooldown(cooldownMs: number): void {
    this.options = { ...this.options, cooldownMs }
  }

  /** The clock jumped by so much: every instant moves along, so that no cooldown or delay is cut or drawn out. */
  shift(deltaMs: number): void {
    for (const patterns of [this.normal, this.kept]) {
      for (const [key, state] of patterns) patterns.set(key, patternState.shift(state, deltaMs))
    }
  }

  save(): SavedBreaker {
    const counted = [...this.normal].filter(([, state]) => isCounted(state))
    const waiting = [...this.normal].filter(([, state]) => !isCounted(state) && state.waitingSinceMs !== null)
    const normal = [...waiting, ...counted].slice(
      Math.max(0, waiting.length + counted.length - this.options.savedNormalMax),
    )
    return { version: 1, patterns: [...this.kept, ...normal] }
  }

  private patternOf(path: PathBytes): Pattern {
    const own = patternOf(path)
    if (this.randomLengths.size === 0 || this.kept.has(own.key)) return own
    for (const pattern of patternsByChance(path, this.randomLengths)) {
      const state = this.kept.get(pattern.key)
      if (state === undefined || state.newNames < newNamesEnough) continue
      if (state.randomLength === pattern.randomLength) return pattern
    }
    return own
  }

  private find(key: string, nowMs: number): PatternState | null {
    const state = this.kept.get(key) ?? this.normal.get(key)
    if (state === undefined) return null
    const restedMs = nowMs - state.lastWriteMs
    // Written in the future: the clock was set back while nobody looked. Waiting for it to catch up could take years.
    if (restedMs < -this.options.cooldownMs) return patternState.shift(state, restedMs)
    if (restedMs < this.options.forgetAfterMs || state.stage.kind === 'quarantine') return state
    this.drop(key)
    return null
  }

  private put(key: string, state: PatternState): void {
    this.drop(key)
    const isNormal = state.stage.kind === 'normal'
    const patterns = isNormal ? this.normal : this.kept
    patterns.set(key, state)
    if (!isNormal && state.newNames >= newNamesEnough) this.randomLengths.add(state.randomLength)
    if (this.normal.size + this.kept.size <= this.options.patternsMax) return
    const oldest = this.normal.keys().next()
    if (oldest.done !== true) this.normal.delete(oldest.value)
  }

  private drop(key: string): void {
    this.normal.delete(key)
    this.kept.delete(key)
  }

  private dropWhere(matches: (key: string, state: PatternState) => boolean): readonly string[] {
    const keys = [...this.kept].filter(([key, state]) => matches(key, state)).map(([key]) => key)
    for (const key of keys) this.drop(key)
    return keys.map(textOf)
  }
}

function textOf(key: string): string {
  return pathText(key as PathBytes)
}

function isCounted({ stage }: PatternState): boolean {
  return stage.kind === 'normal' && stage.commitsMs.length > 0
}
