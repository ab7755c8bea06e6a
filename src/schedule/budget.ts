import type { BudgetLimits } from './options.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** Instants kept; more than any limit needs to be told apart. The oldest leave first: the newest ones decide. */
const INSTANTS_MIN = 1_000

/** When commits were made, oldest first. Asked ones and ends of turns count, but only automatic ones wait. */
export interface Budget {
  instantsMs: number[]
  lastAutomaticMs: number
}

export interface BudgetUse {
  readonly hour: { readonly used: number; readonly limit: number }
  readonly day: { readonly used: number; readonly limit: number }
}

/** Notes a commit at the instant it was reported, never before it was made: windows err on the safe side. */
export function spend(budget: Budget, automatic: boolean, limits: BudgetLimits, nowMs: number): void {
  budget.instantsMs.push(nowMs)
  if (automatic) budget.lastAutomaticMs = nowMs
  const kept = Math.max(INSTANTS_MIN, limits.commitsPerHour, limits.commitsPerDay)
  const expired = budget.instantsMs.findIndex((atMs) => atMs > nowMs - DAY_MS)
  const drop = Math.max(expired, budget.instantsMs.length - kept)
  if (drop > 0) budget.instantsMs.splice(0, drop)
}

/** The first instant from which both windows have room: what a slow path, and everything in strict mode, waits for. */
export function freeAtMs(budget: Budget, limits: BudgetLimits): number {
  return Math.max(
    windowFreeAtMs(budget, limits.commitsPerHour, HOUR_MS),
    windowFreeAtMs(budget, limits.commitsPerDay, DAY_MS),
  )
}

/** The first instant at which an automatic commit of ordinary paths may be made; in the past: now. */
export function automaticAtMs(budget: Budget, limits: BudgetLimits): number {
  const free = freeAtMs(budget, limits)
  if (limits.mode === 'strict') return free
  const dayFree = windowFreeAtMs(budget, limits.commitsPerDay, DAY_MS)
  const gathered = Math.max(dayFree, budget.lastAutomaticMs + limits.gatherMs)
  return Math.min(free, gathered, budget.lastAutomaticMs + Math.max(limits.gatherMs, limits.gatherPastDayMs))
}

/** Automatic commits of ordinary paths that may be made at once now. */
export function automaticNow(budget: Budget, limits: BudgetLimits, nowMs: number): number {
  if (automaticAtMs(budget, limits) > nowMs) return 0
  const { hour, day } = budgetUse(budget, limits, nowMs)
  return Math.max(1, Math.min(hour.limit - hour.used, day.limit - day.used))
}

export function budgetUse(budget: Budget, limits: BudgetLimits, nowMs: number): BudgetUse {
  return {
    hour: { used: usedSince(budget, nowMs - HOUR_MS), limit: limits.commitsPerHour },
    day: { used: usedSince(budget, nowMs - DAY_MS), limit: limits.commitsPerDay },
  }
}

function windowFreeAtMs(budget: Budget, limit: number, windowMs: number): number {
  if (limit <= 0) return Infinity
  const blocking = budget.instantsMs.at(-limit)
  return blocking === undefined ? -Infinity : blocking + windowMs
}

function usedSince(budget: Budget, afterMs: number): number {
  let used = 0
  for (let i = budget.instantsMs.length - 1; i >= 0 && (budget.instantsMs[i] ?? 0) > afterMs; i--) used++
  return used
}
