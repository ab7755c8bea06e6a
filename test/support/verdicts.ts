import { decided } from '../../src/daemon/decided.ts'
import type { Report } from '../../src/report/report.ts'
import { pathBytes, type Verdict } from '../../src/types.ts'

/** A whole verdict; a test changes what it is about. */
export function verdictOn(name: string, changed: Partial<Verdict> = {}): Verdict {
  const path = pathBytes(name)
  return {
    path,
    decision: 'block',
    layer: 'content',
    class: 'default',
    reason: 'no news',
    rule: null,
    content: null,
    evidence: { path, entry: null },
    trail: [],
    ...changed,
  }
}

type Decided = Extract<Report, { readonly kind: 'decided' }>

export function decidedOn(name: string, changed: Partial<Verdict> = {}): Decided {
  return decided(verdictOn(name, changed)) as Decided
}
