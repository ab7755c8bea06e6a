import { systemRandom } from '../platform/platform.ts'
import { accessFingerprint } from './access.ts'
import { createAdding } from './adding.ts'
import { createBlobWriter } from './blobs.ts'
import { createNativeVerbs } from './commit-verbs.ts'
import { createCommitter } from './committer.ts'
import type { GitEngine } from './engine.ts'
import { failureOf } from './failures.ts'
import { filterOf } from './filters.ts'
import { readHead } from './heads.ts'
import { hiddenAmong } from './hidden.ts'
import { createHistory } from './history.ts'
import { createIgnores } from './ignores.ts'
import { createIndexLock } from './index-lock.ts'
import { createMerging } from './merging.ts'
import { createObjectReader } from './objects.ts'
import { createPauses } from './pauses.ts'
import { provenance } from './provenance.ts'
import { recover } from './recovery.ts'
import { createPushPass } from './push-pass.ts'
import { createRemotes } from './remotes.ts'
import { createShadow } from './shadow.ts'
import { createTrees, treeLister } from './trees.ts'
import { createSurvey } from './surveyor.ts'
import { createUserIndex, stagingOf } from './user-index.ts'
import { changedPaths, ignoredDirectories } from './work-tree.ts'
import type { Workbench } from './workbench.ts'

/** The engine that leaves everything to the git on PATH. */
export function createNativeEngine(
  bench: Workbench,
  environment: Readonly<Record<string, string | undefined>>,
): GitEngine {
  const objects = createObjectReader(bench)
  const trees = createTrees(bench, objects, treeLister(bench))
  const ignores = createIgnores(bench)
  const shadow = createShadow(bench)
  const lock = createIndexLock(bench, systemRandom)
  const index = createUserIndex(bench)
  const blobs = createBlobWriter(bench, createAdding(bench, index, objects))
  const parts = { trees, shadow, lock, index, verbs: createNativeVerbs(bench, trees) }
  const pass = createPushPass(bench, systemRandom)
  const remotes = createRemotes(bench, objects, environment, pass)
  const committer = createCommitter(bench, parts)
  return {
    name: 'native',
    repository: bench.repository,
    survey: createSurvey(bench, objects),
    head: () => readHead(bench),
    pauses: createPauses(bench, lock, index),
    entriesAt: (commit, paths) => trees.entriesAt(commit, paths),
    filesBelow: (commit, directory) => trees.filesBelow(commit, directory),
    trackedFiles: (commit) => trees.trackedFiles(commit),
    changedPaths: async () => changedPaths(bench, (await index.read()).submodules),
    ignored: (paths) => ignores.matched(paths),
    ignoredDirectories: () => ignoredDirectories(bench),
    forgetIgnores: () => {
      ignores.restart()
      blobs.restart()
      bench.settings.forget()
    },
    hidden: async (paths) => ((await index.hasHidden()) ? hiddenAmong(await index.read(), paths) : new Map()),
    staging: (base, paths) => stagingOf(index, trees, base, paths),
    filterOf: (path) => filterOf(bench, path),
    writeBlobs: (requests) => blobs.write(requests),
    blobSize: async (oid) => (await objects.info(oid))?.sizeBytes ?? null,
    readBlob: async (oid, maxBytes) => {
      const info = await objects.info(oid)
      if (info === null || info.sizeBytes > maxBytes) return null
      return (await objects.read(oid))?.bytes ?? null
    },
    settled: committer.settled,
    commit: async (plan, journal, stillLies) => {
      const outcome = await committer.commit(plan, journal, stillLies)
      if (outcome.kind === 'committed') pass.made(outcome.oid)
      return outcome
    },
    recover: (entry, journal) => recover(bench, parts, entry, journal),
    ...remotes,
    history: createHistory(bench),
    merging: createMerging(bench, { objects, trees, shadow }, committer.advance),
    identityFailure: async () => {
      const answer = await bench.git.run({
        args: ['var', 'GIT_COMMITTER_IDENT'],
        deadlineMs: bench.deadlines.plumbingMs,
      })
      return answer.code === 0 ? null : failureOf('var', answer)
    },
    access: () => accessFingerprint(bench, environment),
    hurry: () => bench.hurry.begin(),
    provenance: (directory, questions) => provenance(bench, index, directory, questions),
    close: async () => {
      bench.hurry.end()
      try {
        await committer.settled()
      } finally {
        for (const helper of [objects, ignores, blobs]) helper.close()
      }
    },
  }
}
