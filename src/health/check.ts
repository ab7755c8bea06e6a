/** One thing that was looked at, for `health --json` and for people. */
export interface Check {
  readonly name: string
  readonly outcome: 'pass' | 'warn' | 'fail'
  /** What was seen, in one line. */
  readonly detail: string
  /** A command, or what else to do; null: nothing is to be done. */
  readonly remedy: string | null
}

/** What could not be found out, and what to do about that. */
export interface Unseen {
  readonly unseen: string
  readonly remedy: string
}

export type Seen<T> = T | Unseen

/** A fact that was not seen is no reason to call anything healthy. */
export function judged<T extends object>(name: string, fact: Seen<T>, judge: (value: T) => Omit<Check, 'name'>): Check {
  if ('unseen' in fact) return { name, outcome: 'fail', detail: fact.unseen, remedy: fact.remedy }
  return { name, ...judge(fact) }
}

export function pass(detail: string): Omit<Check, 'name'> {
  return { outcome: 'pass', detail, remedy: null }
}

export function warn(detail: string, remedy: string): Omit<Check, 'name'> {
  return { outcome: 'warn', detail, remedy }
}

export function fail(detail: string, remedy: string): Omit<Check, 'name'> {
  return { outcome: 'fail', detail, remedy }
}
