/**
 * Which of a workspace's own rules and settings are in force. They may have come with a clone or a pull: those wait for
 * somebody's yes, once per content and clone, and until then only what they tighten counts.
 */
import { createHash } from 'node:crypto'
import { configFiles, type WorkspaceFile, type WorkspaceSay, type WorkspaceText } from '../config/config.ts'
import { SyncError } from '../errors.ts'
import type { GitEngine, Provenance } from '../git/git.ts'
import { pathBytes } from '../types.ts'
import { isConsented, lastOf, pathsInForce, type Consent } from './consents.ts'
import { decideTrust, waitText } from './decide.ts'

export { withConsents, type Consent } from './consents.ts'

/** What was in force before is read from git; a larger file is no rule file. */
const textBytesMax = 16 * 1024 ** 2

export interface TrustInput {
  /** Root of the work tree. */
  readonly root: string
  readonly consents: readonly Consent[]
  readonly nowMs: number
  /** What was placed here belongs to no commit of the branch yet. */
  readonly isBringing: boolean
  /** Asked only when something's origin is not known; may reject with a `SyncError`. */
  readonly engine: () => Promise<GitEngine>
  /** Whether the same was undecided a moment ago; always, for a question that is asked once. */
  readonly isSettled: (consent: Consent) => boolean
}

export interface Trusted {
  /** For `loadConfig`. */
  readonly say: WorkspaceSay
  /** To be remembered: what is in force now and was not before. */
  readonly fresh: readonly Consent[]
  /** What an acknowledgement of each waiting file would say. */
  readonly waiting: readonly Consent[]
  /** Something may turn out to be edited here in a moment: look again. */
  readonly isUndecided: boolean
}

/** Reads a workspace's own settings and rules, and decides which of them are in force. */
export async function readTrusted(input: TrustInput): Promise<Trusted> {
  const { files, faults } = configFiles.readWorkspace(input.root)
  const judged = await judge(input, [...files, ...goneAmong(input.consents, files)])
  return {
    say: { texts: judged.map(({ text }) => text), faults },
    fresh: judged.flatMap(({ fresh }) => fresh ?? []),
    waiting: judged.flatMap(({ waiting }) => waiting ?? []),
    isUndecided: judged.some(({ isUndecided }) => isUndecided),
  }
}

/** bytes null: it was in force and is gone. */
interface Found {
  readonly path: string
  readonly bytes: Buffer | null
}

function goneAmong(consents: readonly Consent[], files: readonly WorkspaceFile[]): readonly Found[] {
  const there = new Set(files.map(({ path }) => path))
  return pathsInForce(consents)
    .filter((path) => !there.has(path))
    .map((path) => ({ path, bytes: null }))
}

interface Judged {
  readonly text: WorkspaceText
  readonly fresh: Consent | null
  readonly waiting: Consent | null
  readonly isUndecided: boolean
}

async function judge(input: TrustInput, found: readonly Found[]): Promise<readonly Judged[]> {
  const { consents } = input
  const hashed = found.map((one) => ({ ...one, sha256: one.bytes === null ? null : sha256Of(one.bytes) }))
  const unknown = hashed.filter(({ path, sha256 }) => !isConsented(consents, path, sha256))
  const origins = unknown.length === 0 ? null : await provenanceOf(input, unknown)
  const isBusy = input.isBringing || origins?.isBusy === true
  const judged: Judged[] = []
  for (const { path, bytes, sha256 } of hashed) {
    const isKnown = isConsented(consents, path, sha256)
    const origin = origins?.origins.get(pathBytes(path)) ?? null
    const last = lastOf(consents, path)
    const oid = bytes === null ? null : blobId(bytes, origins?.objectFormat ?? 'sha1')
    const known = consents.find((one) => one.path === path && one.sha256 === sha256)
    const consent: Consent = known ?? { path, sha256, oid, by: 'edited', reason: null, atMs: input.nowMs }
    const standing = decideTrust(isKnown, origin, isBusy, input.isSettled(consent))
    const text = bytes === null ? null : bytes.toString('utf8')
    const isWaiting = standing.kind === 'waits'
    judged.push({
      text: {
        path,
        text,
        waits: isWaiting ? waitText(standing.why) : null,
        before: isWaiting ? await textBefore(input, last) : null,
      },
      fresh: !isWaiting && last?.sha256 !== sha256 ? consent : null,
      waiting: isWaiting ? consent : null,
      isUndecided: isWaiting && (standing.why === 'staged' || standing.why === 'busy'),
    })
  }
  return judged
}

/** null: git cannot say, so that everything unknown waits. */
async function provenanceOf(
  { engine }: TrustInput,
  unknown: readonly Found[],
): Promise<(Provenance & { readonly objectFormat: 'sha1' | 'sha256' }) | null> {
  try {
    const git = await engine()
    const questions = unknown.map(({ path, bytes }) => ({ path: pathBytes(path), bytes }))
    const { objectFormat } = git.repository
    return { ...(await git.provenance(pathBytes(configFiles.workspaceDirectory), questions)), objectFormat }
  } catch (error) {
    if (error instanceof SyncError) return null
    throw error
  }
}

async function textBefore({ engine }: TrustInput, last: Consent | null): Promise<string | null> {
  if (last === null || last.oid === null) return null
  try {
    const bytes = await (await engine()).readBlob(last.oid, textBytesMax)
    return bytes === null ? null : Buffer.from(bytes).toString('utf8')
  } catch (error) {
    if (error instanceof SyncError) return null
    throw error
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function blobId(bytes: Buffer, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
