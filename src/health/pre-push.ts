import { compileRules, secretByName, type RuleSet } from '../classify/classify.ts'
import { createEvidence, type EvidenceRoom } from '../evidence/evidence.ts'
import type { OutgoingChange } from '../git/git.ts'
import { pathText, type Oid, type PathBytes, type SecretFinding } from '../types.ts'
import { acknowledgedBlobs } from './acknowledged.ts'
import type { Check } from './check.ts'
import { lookAtConfiguration } from './configuration.ts'
import type { HealthInput } from './gather.ts'
import { prePushChecks, type PushFinding } from './push-checks.ts'
import { hostLimits } from './push-limits.ts'
import { rangeAhead, rangeOfLines, type PushRange } from './push-range.ts'
import { typedIn } from './typed.ts'

export interface PrePushInput extends HealthInput {
  /** git's lines on the hook's standard input; null: what the checked-out branch is ahead. */
  readonly lines: readonly string[] | null
  /** Name or address of the remote, as git passes it to the hook. */
  readonly remote: string | null
  readonly address: string | null
}

/** What is beyond these is told as not looked at: a push must not wait for ever. */
const limits = { commits: 5_000, blobs: 20_000, bytes: 512 * 1024 * 1024, totalMs: 20_000 }
/** Blobs read at once; the scan of one goes on while others are fetched. */
const readAtOnce = 16

/** Judges the files that a push would send: every one of every commit, since a secret deleted later is still sent. */
export async function checkPush(input: PrePushInput): Promise<readonly Check[]> {
  const { engine, clock } = input
  const startedMs = clock.monotonicMs()
  const { configuration, loaded } = await lookAtConfiguration(input.engine, input.configInput, input.clock)
  const { range, refsUnseen } =
    input.lines === null
      ? { range: await rangeAhead(engine, input.remote), refsUnseen: 0 }
      : await rangeOfLines(engine, input.lines, input.remote, input.address)
  const sent =
    range.tips.length === 0
      ? { commits: 0, isCut: false, changes: [], broken: null }
      : await engine.survey.outgoing({ ...range, commitsMax: limits.commits, deadlineMs: limits.totalMs })
  const head = await engine.head()
  const { rules } = compileRules(loaded.ruleFiles, loaded.config.rules.default)
  const judge: Judge = {
    input,
    range,
    rules,
    evidence: createEvidence(engine, clock),
    scanBytesMax: loaded.config.guard.maxFileSizeBytes,
    acknowledged: acknowledgedBlobs(engine.repository.stateDir),
    last: head.oid,
    isLate: () => clock.monotonicMs() - startedMs > limits.totalMs,
  }
  const { findings, blobs, unseen } = await judgeAll(judge, sent.changes)
  return prePushChecks({
    typed: typedIn(input.cwd, engine.repository.root),
    commits: sent.commits,
    blobs,
    unseen: [
      ...(sent.isCut ? [`only the newest ${sent.commits} commits`] : []),
      ...(refsUnseen > 0 ? [`${refsUnseen} of the refs`] : []),
      ...unseen,
    ],
    broken: sent.broken,
    configuration,
    findings,
  })
}

interface Judge {
  readonly input: PrePushInput
  readonly range: PushRange
  readonly rules: RuleSet
  readonly evidence: EvidenceRoom
  readonly scanBytesMax: number
  readonly acknowledged: ReadonlySet<Oid>
  /** The commit that could be amended. */
  readonly last: Oid | null
  isLate(): boolean
}

interface Judged {
  readonly findings: readonly PushFinding[]
  readonly blobs: number
  readonly unseen: readonly string[]
}

/** A file of a commit, and whether it is still like that after the last one. */
interface Sent {
  readonly commit: Oid
  readonly path: PathBytes
  readonly isLink: boolean
  readonly oid: Oid
  readonly before: readonly Oid[]
  readonly isThere: boolean
}

/** The same bytes at the same place are judged once, where they come first. */
function distinct(changes: readonly OutgoingChange[]): readonly Sent[] {
  const last = new Map(changes.map(({ path, blob }) => [path, blob?.oid ?? null]))
  const found = new Map<string, Sent>()
  for (const { commit, path, blob, before } of changes) {
    const key = `${blob?.oid} ${path}`
    if (blob === null || found.has(key)) continue
    const { oid, mode } = blob
    found.set(key, { commit, path, oid, before, isLink: mode === '120000', isThere: last.get(path) === oid })
  }
  return [...found.values()]
}

async function judgeAll(judge: Judge, changes: readonly OutgoingChange[]): Promise<Judged> {
  const all = distinct(changes)
  const sent = all.slice(0, limits.blobs)
  const findings: PushFinding[] = []
  const tooLarge: string[] = []
  let bytesLeft = limits.bytes
  let looked = 0
  while (looked < sent.length && bytesLeft > 0 && !judge.isLate()) {
    const slice = sent.slice(looked, looked + readAtOnce)
    for (const one of await Promise.all(slice.map((blob) => judgeOne(judge, blob)))) {
      findings.push(...one.findings)
      bytesLeft -= one.readBytes
      if (one.tooLarge !== null) tooLarge.push(one.tooLarge)
    }
    looked += slice.length
  }
  const [large] = tooLarge
  const unseen = [
    ...(looked < all.length ? [`${all.length - looked} of the files`] : []),
    ...(large === undefined ? [] : [`what is inside of ${large}, which is too large to be searched`]),
  ]
  return { findings, blobs: looked, unseen }
}

interface One {
  readonly findings: readonly PushFinding[]
  readonly readBytes: number
  readonly tooLarge: string | null
}

async function judgeOne(judge: Judge, sent: Sent): Promise<One> {
  const { engine } = judge.input
  const path = pathText(sent.path)
  const say = (kind: PushFinding['kind'], outcome: PushFinding['outcome'], detail: string): PushFinding => {
    const { commit, isThere } = sent
    return { kind, outcome, detail, path, commit, isThere, isLast: commit === judge.last }
  }
  const findings = noiseOf(judge, sent, say)
  if (judge.acknowledged.has(sent.oid)) return { findings, readBytes: 0, tooLarge: null }
  const sizeBytes = (await engine.blobSize(sent.oid)) ?? 0
  findings.push(...sizeFindings(judge, sizeBytes, say))
  const isSearched = sizeBytes <= judge.scanBytesMax
  const { secrets, substance, conflictLine } = await judge.evidence.inside(
    sent.path,
    sent.oid,
    sent.before,
    judge.scanBytesMax,
  )
  const byName = sent.isLink ? null : secretByName(sent.path, substance)
  const found = byName === null ? secrets : [byName, ...secrets]
  if (found.length > 0) findings.push(say('secrets', 'fail', secretsText(found)))
  if (conflictLine !== null && sent.isThere && !sent.isLink) {
    findings.push(say('conflict-markers', 'fail', `a merge conflict begins in line ${conflictLine}`))
  }
  return { findings, readBytes: isSearched ? sizeBytes : 0, tooLarge: isSearched ? null : path }
}

type Say = (kind: PushFinding['kind'], outcome: PushFinding['outcome'], detail: string) => PushFinding

/** Somebody committed it by hand, which may be meant: told, not refused. What is gone again needs no word. */
function noiseOf({ rules }: Judge, { path, isThere }: Sent, say: Say): PushFinding[] {
  const { rule, action } = rules.match(path)
  if (!isThere || action !== 'BLOCK') return []
  const why = rule === null ? 'by rules.default' : `${rule.glob}${rule.reason === '' ? '' : `: ${rule.reason}`}`
  return [say('noise', 'warn', `the rules block it (${why})`)]
}

function sizeFindings({ range }: Judge, sizeBytes: number, say: Say): readonly PushFinding[] {
  const { refusedFrom, warnedFrom, by } = hostLimits(range.address)
  const size = `${Math.ceil(sizeBytes / 1024 / 1024)} MB`
  const limit = (bytes: number): string => `${bytes / 1024 / 1024} MB`
  if (sizeBytes > refusedFrom) {
    return [say('size', 'fail', `${size}, and ${by} take no file over ${limit(refusedFrom)}`)]
  }
  return sizeBytes > warnedFrom ? [say('size', 'warn', `${size}, and ${by} warn over ${limit(warnedFrom)}`)] : []
}

const secretsNamedMax = 3

function secretsText(secrets: readonly SecretFinding[]): string {
  const named = secrets.slice(0, secretsNamedMax)
  const text = named.map(({ kind, line }) => (line === null ? kind : `${kind} in line ${line}`)).join(', ')
  return secrets.length > named.length ? `${text} and ${secrets.length - named.length} more` : text
}
