import { assert } from '../errors.ts'
import type { ContentFinding, Decision, Evidence, LayerName, Need, PaceClass, Rule } from '../types.ts'

export interface Answer {
  readonly outcome: Decision | 'next'
  /** One line for people. */
  readonly detail: string
  readonly class?: PaceClass
  readonly rule?: Rule | null
  readonly content?: ContentFinding
}

/** What earlier layers found that a later one minds. */
interface Standing {
  /** A rule ALLOWs the path. */
  readonly allowed: boolean
}

export type Asking<T> = Generator<Need, T, Evidence>

/** One question about a path. It yields the evidence that it lacks and is given evidence that has it. */
export interface Layer {
  readonly name: LayerName
  /** Not asked once a layer has answered `sync`. */
  readonly onlyUndecided?: true
  ask(evidence: Evidence, standing: Standing): Asking<Answer>
}

type Known<N extends Need> = Evidence & { readonly [Name in N]-?: Exclude<Evidence[Name], undefined> }

/** Evidence that surely has what is needed; asks for it only where it is missing. */
export function* gathered<N extends Need>(evidence: Evidence, need: N): Asking<Known<N>> {
  const known = evidence[need] === undefined ? { ...evidence, ...(yield need) } : evidence
  assert(known[need] !== undefined, `asked for ${need}, given evidence without it`)
  return known as Known<N>
}
