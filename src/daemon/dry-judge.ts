import { createBreaker } from '../classify/classify.ts'
import type { LoadedConfig } from '../config/config.ts'
import { createEvidence, readEntry, type DirectoryFaults } from '../evidence/evidence.ts'
import type { GitEngine } from '../git/git.ts'
import { systemClock, systemRandom } from '../platform/platform.ts'
import type { DiskEntry, PathBytes, RuleMatch, TreeEntry, Verdict, Writer } from '../types.ts'
import { isAcknowledged } from './acknowledged.ts'
import { buildClassifier } from './classifier.ts'
import { isDiverged } from './diverged.ts'
import { createStoredForm, storedId } from './dry-stored.ts'
import { createHeldNow, newAndEmpty, type HeldNow } from './held-now.ts'
import { whyInSubmodule } from './overgrown.ts'
import { sentFromHere } from './outgoing.ts'
import { judge, type Gather } from './judge.ts'
import { readState } from './state-file.ts'
import { isExposed } from './exposed.ts'

/** A larger file is not read for a question that changes nothing. */
const readBytesMax = 16 * 1024 * 1024

export interface DryVerdict {
  readonly verdict: Verdict
  /** With the rules that match too but lost. */
  readonly match: RuleMatch
}

export interface DryJudge {
  judge(path: PathBytes): Promise<DryVerdict>
  readonly held: HeldNow
}

/** Who wrote what lies there, as far as a daemon that watches here has seen. */
export type WriterOf = (path: PathBytes) => Writer | null

const nobody: Writer = { kind: 'unknown', name: null, tier: null, confidence: 0, policy: null, session: null }

/**
 * Judges paths as if each changed now and were whole: a tracked file that is missing as deleted, one that git does not
 * know and that is missing as new and empty. Needs no daemon and writes nothing, not even an object of git's.
 * @throws SyncError `rules` for rules that cannot be understood.
 */
export async function createDryJudge(
  engine: GitEngine,
  loaded: LoadedConfig,
  writerOf: WriterOf = () => null,
): Promise<DryJudge> {
  const { classifier, rules } = buildClassifier(loaded.config, loaded.ruleFiles)
  const saved = readState(engine.repository.stateDir)
  const acknowledged = saved?.acknowledged ?? []
  const breaker = createBreaker({ cooldownMs: loaded.config.limits.cooldownMs }, saved?.breaker ?? null)
  const evidence = createEvidence(engine, systemClock)
  const head = await engine.head()
  const directories: DirectoryFaults = new Map()
  const { root, objectFormat } = engine.repository
  const limits = { readBytesMax, maxFileBytes: loaded.config.guard.maxFileSizeBytes }
  const storedForm = createStoredForm(engine, evidence, limits)

  const gatherFor = (path: PathBytes, base: TreeEntry | null, isSame: boolean): Gather => {
    // What lies there as at HEAD is asked about as if it had just become something else.
    const shownBase = isSame && base !== null ? { ...base, oid: '0'.repeat(objectFormat === 'sha1' ? 40 : 64) } : base
    return async (need, known) => {
      const { entry } = known
      switch (need) {
        case 'scope':
          return { ...known, scope: await evidence.scope(path, entry, base, directories) }
        case 'base':
          return { ...known, base: shownBase }
        case 'writer':
          return { ...known, writer: writerOf(path) ?? nobody }
        case 'bytes':
          return { ...known, bytes: entry === newAndEmpty ? new Uint8Array() : bytesOf(path, entry) }
        case 'baseBytes': {
          const oid = base === null || isSame ? null : base.oid
          return { ...known, baseBytes: oid === null ? null : await evidence.blobBytes(oid, readBytesMax) }
        }
        case 'growth':
          return { ...known, growth: base === null ? null : evidence.growth(path, entry, base.oid) }
        case 'lane':
          return { ...known, lane: breaker.lane(path, systemClock.nowMs(), systemRandom.next) }
        case 'guard': {
          const { blob, inside } = await storedForm(path, entry, base === null ? [] : [base.oid])
          const isAsked = blob !== null && acknowledged.length > 0
          const stored = isAsked ? await storedId(engine, path, entry) : null
          const guard = {
            blob,
            ...inside,
            whole: true,
            refused: await whyInSubmodule(engine, evidence, head.oid, path),
            massDeletion: false,
            diverged: isDiverged(saved, head.ref, path, base),
            exposed: base === null && isExposed(saved, path),
            staging: (await engine.staging(head.oid, [path])).get(path) ?? 'none',
            acknowledged: isAcknowledged(acknowledged, path, stored ?? blob?.oid ?? null, base?.oid ?? null),
          } as const
          return { ...known, guard }
        }
      }
    }
  }
  const bytesOf = (path: PathBytes, entry: DiskEntry | null) => evidence.bytes(path, entry, readBytesMax)
  const judgeOne = async (path: PathBytes): Promise<DryVerdict> => {
    const base = await evidence.base(head.oid, path)
    const entry = base === null ? (readEntry(root, path) ?? newAndEmpty) : evidence.entry(path, null, directories)
    const isSame = entry !== null && base !== null && evidence.rawBlobId(path, entry, readBytesMax) === base.oid
    const gather = gatherFor(path, base, isSame)
    return { verdict: await judge(classifier, path, entry, 'full', gather), match: rules.match(path, true) }
  }
  const look = { engine, evidence, clock: systemClock, maxFileBytes: limits.maxFileBytes, acknowledged }
  const known = { incoming: saved?.incoming ?? null, sentSecrets: () => sentFromHere(look, head, saved?.tips ?? []) }
  return {
    judge: judgeOne,
    held: createHeldNow(engine, evidence, loaded.config, head.oid, known, judgeOne),
  }
}
