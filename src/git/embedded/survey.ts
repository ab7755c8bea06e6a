import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SyncError, errnoOf } from '../../errors.ts'
import { repositoryError } from '../failures.ts'
import { readHead, readRef } from '../heads.ts'
import type { Ref, Survey } from '../survey.ts'
import { readConfigFiles } from './config-files.ts'
import { summaryOf } from './summary.ts'
import { checkObjects } from './integrity.ts'
import { needsGitError } from './needs-git.ts'
import { moveRef } from './refs.ts'
import type { EmbeddedParts } from './verbs.ts'
import { embeddedDirectories } from './work-tree.ts'

/** Deep enough for any ref that somebody named, and an end to what only looks like a directory of refs. */
const depthMax = 32

export function createEmbeddedSurvey(parts: EmbeddedParts, version: string): Survey {
  const { bench, environment, commits } = parts
  const { gitDir } = bench.repository
  return {
    version: () => Promise.resolve(version),
    setting: async (key) =>
      (await bench.settings.read()).one(key.toLowerCase()) ?? (await bench.settings.read()).one(key),
    hooksDirectory: () => Promise.resolve(join(gitDir, 'hooks')),
    objectsSizeBytes: () => Promise.resolve(sizeBelow(join(gitDir, 'objects'))),
    integrity: async (_depth, deadlineMs) => {
      const { oid } = await readHead(bench)
      const tips = refsBelow(parts, 'refs/').map((ref) => ref.oid)
      return checkObjects(parts, oid === null ? tips : [...new Set([oid, ...tips])], deadlineMs)
    },
    directories: () => embeddedDirectories(parts),
    commitsSince: async (sinceMs) => {
      const { oid } = await readHead(bench)
      let [all, automatic] = [0, 0]
      if (oid === null) return { all, automatic }
      for await (const commit of commits.walk([oid], [])) {
        if (commit.atMs < sinceMs) break
        all += 1
        if (summaryOf(commit).id !== null) automatic += 1
      }
      return { all, automatic }
    },
    headCommittedAtMs: async () => {
      const { oid } = await readHead(bench)
      return oid === null ? null : (await commits.read(oid)).atMs
    },
    unpushed: async (remote) => {
      const { oid } = await readHead(bench)
      if (oid === null) return 0
      let count = 0
      const known = refsBelow(parts, `refs/remotes/${remote}/`).map((ref) => ref.oid)
      for await (const _ of commits.walk([oid], known)) count += 1
      return count
    },
    remotes: () => {
      const { entries } = readConfigFiles(gitDir, environment)
      const found = new Map<string, string[]>()
      for (const { key, value } of entries) {
        const name = /^remote\.(.*)\.(?:url|pushurl)$/s.exec(key)?.[1]
        if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value])
      }
      return Promise.resolve([...found].map(([name, addresses]) => ({ name, addresses })))
    },
    refs: (prefix) => Promise.resolve(refsBelow(parts, prefix)),
    removeRefs: async (refs) => {
      for (const { name, oid } of refs) {
        // What lies in `packed-refs` would come to light again.
        if (isPacked(parts, name)) throw needsGitError(`removing the packed ref ${name}`)
        const moved = await moveRef(bench, environment, { ref: name, from: oid, to: null, reason: null })
        if (moved === 'moved') throw new SyncError('repository', `${name} has moved`, 'try again')
        if (moved !== 'done') throw repositoryError(moved)
      }
    },
    knows: () => Promise.resolve(false),
    outgoing: () => Promise.reject(needsGitError('looking through what a push would send')),
  }
}

/** Loose and packed, in the order of their names. */
function refsBelow({ bench }: EmbeddedParts, prefix: string): readonly Ref[] {
  const names = new Set<string>()
  const visit = (directory: string, depth: number): void => {
    for (const name of namesIn(join(bench.repository.gitDir, directory))) {
      const ref = `${directory}/${name}`
      const isDirectory =
        lstatSync(join(bench.repository.gitDir, ref), { throwIfNoEntry: false })?.isDirectory() === true
      if (isDirectory && depth < depthMax) visit(ref, depth + 1)
      else if (!name.endsWith('.lock')) names.add(ref)
    }
  }
  visit('refs', 0)
  for (const [, name = ''] of packedRefs(bench).matchAll(/^[0-9a-f]{40} (\S+)$/gm)) names.add(name)
  return [...names]
    .filter((name) => name.startsWith(prefix))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((name) => {
      const oid = readRef(bench, name)
      return oid === null ? [] : [{ name, oid }]
    })
}

function packedRefs({ disk, repository }: EmbeddedParts['bench']): string {
  return disk.read(join(repository.gitDir, 'packed-refs'))?.toString('utf8') ?? ''
}

function isPacked({ bench }: EmbeddedParts, ref: string): boolean {
  return packedRefs(bench).includes(` ${ref}\n`)
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return []
    throw error
  }
}

function sizeBelow(directory: string): number {
  return namesIn(directory).reduce((sum, name) => {
    const path = join(directory, name)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return sum
    return sum + (stat.isDirectory() ? sizeBelow(path) : stat.size)
  }, 0)
}
