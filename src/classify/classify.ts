/**
 * What becomes of a change: sync, block or hold, by the first layer with a clear answer. Pure and lazy: a question is a
 * generator that yields the evidence it needs, so a path that a glob settles costs no look-up and no read.
 */
import type { DiskEntry, Evidence, LayerName, PaceClass, PathBytes, RuleMatch, TrailStep, Verdict } from '../types.ts'
import type { ContentFinding } from '../types.ts'
import { createDocuments, type Documents } from './documents.ts'
import { createContentLayer, sameBlobLayer } from './content.ts'
import { createGuardLayer, type GuardLimits } from './guard.ts'
import { laneLayer } from './lane.ts'
import type { Answer, Asking, Layer } from './layers.ts'
import { paceOf } from './pace.ts'
import type { Parsers } from './parsers.ts'
import { processLayer } from './process.ts'
import { createRulesLayer } from './rules-layer.ts'
import type { RuleSet } from './rules.ts'
import { scopeLayer } from './scope.ts'
import { createVolatileKeys } from './volatile-keys.ts'

export { createBreaker, type Breaker } from './breaker.ts'
export type { SavedBreaker } from './breaker-saved.ts'
export type { Documents } from './documents.ts'
export { massDeletions } from './guard.ts'
export type { Parsers } from './parsers.ts'
export { compileRules, type RuleMistake, type RuleSet } from './rules.ts'
export { secretByName } from './secret-names.ts'

export interface ClassifyOptions {
  readonly rules: RuleSet
  /** Lower case, without the dot. A name without an extension counts as one: `makefile`, `gitignore`. */
  readonly codeExtensions: ReadonlySet<string>
  /** In snake_case; camelCase and the like follow. */
  readonly volatileKeys: readonly string[]
  readonly guard: GuardLimits
  readonly parsers: Parsers
  /** Layers that answer nothing. For measuring what each one contributes; a daemon leaves none out. */
  readonly without?: ReadonlySet<LayerName>
}

export interface Classifier {
  /**
   * Asks scope, rules, process, content and breaker; at depth `full` the guard too, which needs the very blob. Whoever
   * drives the generator answers each need with evidence that has it.
   *
   * @param micros a counter of microseconds that never runs back, for the trail.
   */
  judge(path: PathBytes, entry: DiskEntry | null, depth: 'early' | 'full', micros: () => number): Asking<Verdict>
  paceOf(path: PathBytes, match: RuleMatch): PaceClass
  /** By the same volatile members. */
  readonly documents: Documents
}

export function createClassifier(options: ClassifyOptions): Classifier {
  const { rules, codeExtensions, without } = options
  const keys = createVolatileKeys(options.volatileKeys)
  const content = createContentLayer(keys, options.parsers)
  const guard = createGuardLayer(options.guard)
  return {
    documents: createDocuments(keys, options.parsers),
    paceOf: (path, match) => paceOf(path, match, codeExtensions),
    *judge(path, entry, depth, micros) {
      const match = without?.has('rules') === true ? noRule : rules.match(path)
      const early = [scopeLayer, createRulesLayer(match), processLayer, content, laneLayer]
      const layers = depth === 'full' ? [...early, sameBlobLayer, guard] : early
      const asked = layers.filter(({ name }) => without?.has(name) !== true)
      const heard = yield* hear(asked, { path, entry }, match, micros)
      const { layer, answer } = heard.decided
      return {
        path,
        decision: answer.outcome === 'next' ? 'sync' : answer.outcome,
        layer,
        class: answer.class ?? paceOf(path, match, codeExtensions),
        reason: answer.detail,
        rule: match.rule,
        content: heard.content,
        evidence: heard.evidence,
        trail: heard.trail,
      }
    },
  }
}

interface Decided {
  readonly layer: LayerName
  readonly answer: Answer
}

interface Heard {
  readonly decided: Decided
  readonly content: ContentFinding | null
  readonly evidence: Evidence
  readonly trail: readonly TrailStep[]
}

const noRule: RuleMatch = { rule: null, action: 'ANALYZE', lost: [] }

const nothingAgainst: Decided = {
  layer: 'default',
  answer: { outcome: 'next', detail: 'a change, and no layer has a reason against it' },
}

/**
 * A block or hold ends the asking. A sync is only the word of that layer: it spares the path the look into its content,
 * but breaker and guard are heard all the same, and the breaker's slower pace takes its place.
 */
function* hear(layers: readonly Layer[], first: Evidence, match: RuleMatch, micros: () => number): Asking<Heard> {
  const trail: TrailStep[] = []
  let evidence = first
  let content: ContentFinding | null = null
  let decided = nothingAgainst
  const standing = { allowed: match.action === 'ALLOW' }
  for (const layer of layers) {
    if (layer.onlyUndecided === true && decided !== nothingAgainst) continue
    const startedMicros = micros()
    const asking = layer.ask(evidence, standing)
    let step = asking.next()
    while (step.done !== true) {
      evidence = { ...evidence, ...(yield step.value) }
      step = asking.next(evidence)
    }
    const answer = step.value
    const { outcome, detail } = answer
    // The content is looked at twice, as it lies there and as the blob; the second look is told if it says more.
    const isSaid = outcome === 'next' && trail.some((said) => said.layer === layer.name)
    if (!isSaid) trail.push({ layer: layer.name, outcome, detail, micros: micros() - startedMicros })
    content = answer.content ?? content
    if (answer.outcome !== 'next') decided = { layer: layer.name, answer }
    if (answer.outcome === 'block' || answer.outcome === 'hold') break
  }
  return { decided, content, evidence, trail }
}
