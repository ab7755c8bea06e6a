import { compileRules, type RuleSet } from '../classify/classify.ts'
import { createEvidence, type EvidenceRoom } from '../evidence/evidence.ts'
import type { OutgoingChange } from '../git/git.ts'
import {
  judgeInTurn,
  lookIntoSent,
  outgoingLimits,
  secretsText,
  sentFiles,
  type SentFile,
} from '../outgoing/outgoing.ts'
import { pathText, type Oid } from '../types.ts'
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
      : await engine.survey.outgoing({
          ...range,
          commitsMax: outgoingLimits.commits,
          deadlineMs: outgoingLimits.totalMs,
        })
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
    isLate: () => clock.monotonicMs() - startedMs > outgoingLimits.totalMs,
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

async function judgeAll(judge: Judge, changes: readonly OutgoingChange[]): Promise<Judged> {
  const all = sentFiles(changes)
  const judged = await judgeInTurn(all, {
    bytesMax: judge.scanBytesMax,
    isLate: judge.isLate,
    sizeOf: async ({ oid }) => (judge.acknowledged.has(oid) ? 0 : ((await judge.input.engine.blobSize(oid)) ?? 0)),
    judge: (file, sizeBytes) => judgeOne(judge, file, sizeBytes),
  })
  const large = judged.find(({ tooLarge }) => tooLarge !== null)?.tooLarge ?? null
  const unseen = [
    ...(judged.length < all.length ? [`${all.length - judged.length} of the files`] : []),
    ...(large === null ? [] : [`what is inside of ${large}, which is too large to be searched`]),
  ]
  return { findings: judged.flatMap(({ findings }) => findings), blobs: judged.length, unseen }
}

interface One {
  readonly findings: readonly PushFinding[]
  readonly tooLarge: string | null
}

async function judgeOne(judge: Judge, sent: SentFile, sizeBytes: number): Promise<One> {
  const path = pathText(sent.path)
  const say = (kind: PushFinding['kind'], outcome: PushFinding['outcome'], detail: string): PushFinding => {
    const { commit, rebaseFrom, isThere } = sent
    return { kind, outcome, detail, path, commit, rebaseFrom, isThere, isLast: commit === judge.last }
  }
  const findings = noiseOf(judge, sent, say)
  if (judge.acknowledged.has(sent.oid)) return { findings, tooLarge: null }
  findings.push(...sizeFindings(judge, sizeBytes, say))
  const { secrets, conflictLine } = await lookIntoSent(judge.evidence, sent, judge.scanBytesMax)
  if (secrets.length > 0) findings.push(say('secrets', 'fail', secretsText(secrets)))
  if (conflictLine !== null && sent.isThere && !sent.isLink) {
    findings.push(say('conflict-markers', 'fail', `a merge conflict begins in line ${conflictLine}`))
  }
  return { findings, tooLarge: sizeBytes > judge.scanBytesMax ? path : null }
}

type Say = (kind: PushFinding['kind'], outcome: PushFinding['outcome'], detail: string) => PushFinding

/** Somebody committed it by hand, which may be meant: told, not refused. What is gone again needs no word. */
function noiseOf({ rules }: Judge, { path, isThere }: SentFile, say: Say): PushFinding[] {
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
