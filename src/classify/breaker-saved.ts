/** Reads back what the breaker saved. Written by us, but a disk or a later version may have changed it. */

import type { PatternState } from './breaker-state.ts'

/** Plain JSON. Read it back with `readSavedBreaker` only. */
export interface SavedBreaker {
  readonly version: 1
  readonly patterns: readonly (readonly [key: string, state: PatternState])[]
}

/** @returns null when any part is not as it was saved: the breaker then starts afresh, and learns in three commits. */
export function readSavedBreaker(value: unknown): SavedBreaker | null {
  if (!isRecord(value) || value['version'] !== 1) return null
  const patterns = value['patterns']
  if (!Array.isArray(patterns) || !patterns.every(isEntry)) return null
  return { version: 1, patterns }
}

function isEntry(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isBytes(value[0]) && isState(value[1])
}

function isState(value: unknown): boolean {
  if (!isRecord(value)) return false
  return (
    isStage(value['stage']) &&
    isBytes(value['lastPath']) &&
    isNumber(value['lastWriteMs']) &&
    isNumberOrNull(value['waitingSinceMs']) &&
    hasNumbers(value['run'], ['startMs', 'beatMs', 'gaps', 'meanMs', 'squares', 'outliers']) &&
    hasNumbers(value, ['randomLength', 'newNames'])
  )
}

function isStage(value: unknown): boolean {
  if (!isRecord(value)) return false
  switch (value['kind']) {
    case 'normal':
      return Array.isArray(value['commitsMs']) && value['commitsMs'].every(isNumber)
    case 'slow':
      return hasNumbers(value, ['sinceMs', 'lastCommitMs']) && isFeedback(value['feedback'])
    case 'quarantine':
      return isNumber(value['sinceMs']) && (value['signal'] === 'feedback' || value['signal'] === 'metronome')
    default:
      return false
  }
}

function isFeedback(value: unknown): boolean {
  if (!isRecord(value) || !isNumber(value['score']) || !isNumberOrNull(value['askedMs'])) return false
  const trial = value['trial']
  if (trial === null) return true
  if (!isRecord(trial) || !isNumberOrNull(trial['answerMs'])) return false
  return hasNumbers(trial, ['startMs', 'delayMs']) && typeof trial['broken'] === 'boolean'
}

function hasNumbers(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => isNumber(value[name]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || isNumber(value)
}

/** A byte string: one byte a unit. */
function isBytes(value: unknown): boolean {
  // oxlint-disable-next-line no-control-regex -- all 256 bytes are meant
  return typeof value === 'string' && value !== '' && /^[\u0000-\u00ff]*$/.test(value)
}
