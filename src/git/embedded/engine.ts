import { version } from 'isomorphic-git'
import { systemRandom } from '../../platform/platform.ts'
import { accessFingerprint } from '../access.ts'
import { createCommitter } from '../committer.ts'
import type { GitEngine } from '../engine.ts'
import { readHead } from '../heads.ts'
import { hiddenAmong } from '../hidden.ts'
import { createIndexLock } from '../index-lock.ts'
import { createPauses } from '../pauses.ts'
import { recover } from '../recovery.ts'
import { createTrees } from '../trees.ts'
import { createUserIndex, stagingOf } from '../user-index.ts'
import type { Workbench } from '../workbench.ts'
import { writeEmbeddedBlobs } from './blobs.ts'
import { createCommits } from './commits.ts'
import type { Condition } from './conditions.ts'
import { createEmbeddedHistory } from './history.ts'
import { identityOf, noIdentity } from './identity.ts'
import { createEmbeddedMerging } from './merging.ts'
import { needsGitError } from './needs-git.ts'
import { createObjects } from './objects.ts'
import { clearRefLocks } from './ref-lock.ts'
import { createEmbeddedRemotes } from './remotes.ts'
import { createTreeShadow } from './shadow.ts'
import { createEmbeddedSurvey } from './survey.ts'
import type { Transfer } from './transfer.ts'
import { listTree } from './tree-objects.ts'
import { createEmbeddedVerbs } from './verbs.ts'
import { embeddedChanges, embeddedIgnored, walkNow } from './work-tree.ts'

export interface EmbeddedOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where new objects go. */
  readonly written: string
  readonly transfer: Transfer
  readonly conditions: () => readonly Condition[]
}

/** The engine for machines without git: the same commit sequence, with files and isomorphic-git in git's place. */
export function createEmbeddedEngine(bench: Workbench, options: EmbeddedOptions): GitEngine {
  const { environment } = options
  const { gitDir, stateDir } = bench.repository
  const objects = createObjects(bench.disk, { written: options.written, gitDir, stateDir })
  const commits = createCommits(bench.disk, gitDir, objects)
  const trees = createTrees(bench, objects, async (tree) => (await listTree(objects, tree)).map(({ path }) => path))
  const parts = { bench, environment, objects, commits, trees, conditions: options.conditions }
  const [lock, index] = [createIndexLock(bench, systemRandom), createUserIndex(bench)]
  const [verbs, shadow] = [createEmbeddedVerbs(parts), createTreeShadow(objects)]
  const commitParts = { trees, shadow, lock, index, verbs }
  const committer = createCommitter(bench, commitParts)
  return {
    name: 'embedded',
    repository: bench.repository,
    survey: createEmbeddedSurvey(parts, `is not here: isomorphic-git ${version()} stands in for it`),
    head: () => readHead(bench),
    pauses: createPauses(bench, lock, index),
    entriesAt: (commit, paths) => trees.entriesAt(commit, paths),
    filesBelow: (commit, directory) => trees.filesBelow(commit, directory),
    trackedFiles: (commit) => trees.trackedFiles(commit),
    changedPaths: () => embeddedChanges(parts),
    ignored: (paths) => embeddedIgnored(parts, paths),
    ignoredDirectories: async () => (await walkNow(parts)).ignoredDirectories,
    // Ignore files and configuration are read anew for every question.
    forgetIgnores: () => bench.settings.forget(),
    // The probe lets no such repository pass.
    hidden: async (paths) => hiddenAmong(await index.read(), paths),
    staging: (base, paths) => stagingOf(index, trees, base, paths),
    // Where attributes are set this engine does not serve.
    filterOf: () => Promise.resolve(null),
    writeBlobs: (requests) => writeEmbeddedBlobs(parts, requests),
    blobSize: async (oid) => (await objects.info(oid))?.sizeBytes ?? null,
    readBlob: async (oid, maxBytes) => {
      const found = await objects.read(oid)
      return found === null || found.bytes.length > maxBytes ? null : found.bytes
    },
    settled: committer.settled,
    commit: committer.commit,
    recover: (entry, journal) => {
      clearRefLocks(bench)
      return recover(bench, commitParts, entry, journal)
    },
    ...createEmbeddedRemotes(parts, options.transfer),
    history: createEmbeddedHistory(parts),
    merging: createEmbeddedMerging(parts, verbs, shadow, committer.advance),
    identityFailure: async () =>
      identityOf(await bench.settings.read(), environment, 'committer') === null ? noIdentity : null,
    access: () => accessFingerprint(bench, environment),
    hurry: () => bench.hurry.begin(),
    // Whoever asks takes it that nobody knows, and waits for a word.
    provenance: () => Promise.reject(needsGitError('telling who brought a file here')),
    close: async () => {
      bench.hurry.end()
      try {
        await committer.settled()
      } finally {
        objects.close()
      }
    },
  }
}
