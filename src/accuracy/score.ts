import type { Decision } from '../types.ts'

/** falseBlock: somebody's work stays here. falseSync: a machine's noise is committed. missedHold: a harm leaves. */
export type Fault = 'falseBlock' | 'falseSync' | 'missedHold' | 'falseHold'

/** One path as it was judged. */
export interface Judged {
  readonly scenario: string
  readonly path: string
  readonly by: 'person' | 'agent' | 'program'
  readonly class: string
  readonly wanted: Decision
  readonly verdict: Decision
  readonly layer: string
  readonly reason: string
}

export interface Tally extends Readonly<Record<Fault, number>> {
  readonly name: string
  readonly paths: number
  readonly right: number
}

export interface Score {
  /** Nothing that somebody wanted was blocked or held, and nothing that was to be held left. */
  readonly ok: boolean
  readonly total: Tally
  readonly scenarios: readonly Tally[]
  readonly classes: readonly Tally[]
  readonly wrong: readonly (Judged & { readonly fault: Fault })[]
}

/** null: as wanted. What was to be held and is blocked does not leave either: no fault, though nobody is told. */
export function faultOf({ wanted, verdict }: Pick<Judged, 'wanted' | 'verdict'>): Fault | null {
  if (wanted === verdict || (wanted === 'hold' && verdict === 'block')) return null
  if (wanted === 'hold') return 'missedHold'
  if (verdict === 'hold') return 'falseHold'
  return verdict === 'block' ? 'falseBlock' : 'falseSync'
}

export function scoreOf(judged: readonly Judged[]): Score {
  const total = tally('all', judged)
  return {
    ok: total.falseBlock + total.missedHold === 0 && !judged.some(isWantedHeld),
    total,
    scenarios: grouped(judged, ({ scenario }) => scenario),
    classes: grouped(judged, (one) => `${one.by}: ${one.class}`),
    wrong: judged.flatMap((one) => {
      const fault = faultOf(one)
      return fault === null ? [] : [{ ...one, fault }]
    }),
  }
}

function isWantedHeld(one: Judged): boolean {
  return one.wanted === 'sync' && faultOf(one) === 'falseHold'
}

function grouped(judged: readonly Judged[], nameOf: (one: Judged) => string): readonly Tally[] {
  const groups = new Map<string, Judged[]>()
  for (const one of judged) groups.set(nameOf(one), [...(groups.get(nameOf(one)) ?? []), one])
  return [...groups].map(([name, members]) => tally(name, members))
}

function tally(name: string, judged: readonly Judged[]): Tally {
  const faults = judged.map(faultOf)
  const count = (fault: Fault | null): number => faults.filter((one) => one === fault).length
  return {
    name,
    paths: judged.length,
    right: count(null),
    falseBlock: count('falseBlock'),
    falseSync: count('falseSync'),
    missedHold: count('missedHold'),
    falseHold: count('falseHold'),
  }
}
