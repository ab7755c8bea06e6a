/** What the journal keeps: never file content, never a secret, never an argument of a program. */
import type {
  ContentFinding,
  Decision,
  LayerName,
  Oid,
  PaceClass,
  PathBytes,
  Rule,
  RuleAction,
  Trigger,
  Writer,
} from '../types.ts'

export type RecordedRule = Pick<Rule, 'action' | 'glob' | 'reason' | 'source' | 'line'> & {
  readonly action: RuleAction
}
/** The program's file and what it was recognised by; both null of nobody known. */
export type RecordedWriter = Pick<Writer, 'kind' | 'name' | 'tier'> & {
  readonly executable: string | null
  readonly rule: string | null
}

/** One stretch of the same verdict about one path. */
export interface DecisionRecord {
  readonly kind: 'decision'
  readonly path: PathBytes
  /** When it was first given, and last. */
  readonly sinceMs: number
  readonly atMs: number
  /** How often; a heartbeat that is blocked for days is one record. */
  readonly count: number
  readonly verdict: Decision
  /** Given when the change was seen; the guard, and with it the final word, comes at the commit. */
  readonly provisional: boolean
  /** null: held without having been judged, such as a file that cannot be read. */
  readonly layer: LayerName | null
  readonly reason: string
  readonly class: PaceClass | null
  readonly rule: RecordedRule | null
  readonly writer: RecordedWriter | null
  readonly content: ContentFinding['outcome'] | null
  /** Of the last judgement. */
  readonly tookMs: number
  /** The commit that took it along. */
  readonly commit: Oid | null
}

export interface CommitRecord {
  readonly kind: 'commit'
  readonly oid: Oid
  readonly id: string
  readonly atMs: number
  readonly trigger: Trigger
  readonly writer: string | null
  readonly pathCount: number
  readonly tookMs: number
}

/** The last decision about a path led to this commit. */
export interface LinkRecord {
  readonly kind: 'link'
  readonly path: PathBytes
  readonly oid: Oid
}

export type OutcomeKind = 'started' | 'stopped' | 'pushed' | 'failed' | 'paused' | 'resumed' | 'integrated' | 'gap'

/** What else happened. gap: so many (`count`) records were lost, the disk or the time to write them lacking. */
export interface OutcomeRecord {
  readonly kind: 'outcome'
  readonly what: OutcomeKind
  /** Name of the pause or failure, or what failed. */
  readonly name: string | null
  readonly oid: Oid | null
  readonly sinceMs: number
  readonly atMs: number
  readonly count: number
}

export type JournalRecord = DecisionRecord | CommitRecord | LinkRecord | OutcomeRecord

/**
 * What becomes of the last record about a path when the next one comes: it stays alone, stays beside it, gives its
 * place to this one; or it never came to anything and is dropped, and the one before it is asked.
 */
export type Folding = 'skip' | 'insert' | 'drop-last' | { readonly instead: DecisionRecord }

/**
 * Folds a decision into the last one about the same path. A decision that was committed is closed. The reason of a
 * block may differ in details each time.
 */
export function fold(last: DecisionRecord | null, next: DecisionRecord): Folding {
  if (last?.provisional === true && last.commit === null && next.verdict !== 'sync') return 'drop-last'
  if (isNoChange(next) && (last === null || last.commit !== null || isNoChange(last))) return 'skip'
  if (last === null || last.commit !== null || last.verdict !== next.verdict) return 'insert'
  if (next.verdict === 'hold' && last.reason !== next.reason) return 'insert'
  // What is told to be held was judged a moment ago, and the judgement says more.
  if (next.layer === null && last.layer !== null) return 'skip'
  if (next.verdict === 'block' && !isSameBlock(last, next)) return 'insert'
  return { instead: { ...next, sinceMs: Math.min(last.sinceMs, next.sinceMs), count: last.count + next.count } }
}

/** The same of two outcomes in a row. */
export function foldOutcome(last: OutcomeRecord | null, next: OutcomeRecord): OutcomeRecord | null {
  if (last === null || last.what !== next.what || last.name !== next.name || last.oid !== next.oid) return null
  return { ...next, sinceMs: Math.min(last.sinceMs, next.sinceMs), count: last.count + next.count }
}

/** The path is as at HEAD, or the daemon itself wrote it: worth a record only as the end of something else. */
function isNoChange({ verdict, content, writer }: DecisionRecord): boolean {
  return verdict === 'block' && (content === 'same' || writer?.kind === 'self')
}

function isSameBlock(one: DecisionRecord, other: DecisionRecord): boolean {
  return (
    one.layer === other.layer &&
    one.content === other.content &&
    one.rule?.glob === other.rule?.glob &&
    one.rule?.source === other.rule?.source &&
    one.writer?.kind === other.writer?.kind &&
    one.writer?.name === other.writer?.name
  )
}
