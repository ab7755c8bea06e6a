import { fetch, listServerRefs, push } from 'isomorphic-git'
import type { Oid } from '../../types.ts'
import { guardedFiles } from './guarded-files.ts'
import { createHttpClient } from './http-client.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

interface JobBase {
  readonly gitDir: string
  readonly url: string
  /** Given only when the server asks. */
  readonly credentials: Credentials | null
}

export type TransferJob =
  | (JobBase & { readonly kind: 'tip'; readonly ref: string })
  | (JobBase & { readonly kind: 'fetch'; readonly ref: string })
  | (JobBase & {
      readonly kind: 'push'
      readonly oid: Oid
      readonly upstreamRef: string
      /** The one commit that may be thrown away over there. */
      readonly replaces: Oid | null
    })

/** Plain data: it crosses from one thread to another. */
export type TransferAnswer =
  | { readonly kind: 'tip'; readonly oid: Oid | null }
  | { readonly kind: 'done' }
  /** The remote has what `oid` lacks, or is not where it was seen. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'refused'; readonly said: string }
  | {
      readonly kind: 'failed'
      /** Of HTTP, or null. */
      readonly status: number | null
      /** Of the system or of Node, such as ECONNREFUSED. */
      readonly code: string | null
      readonly message: string
    }

/** @param onMoved something came over the line */
export async function runTransfer(job: TransferJob, onMoved: () => void): Promise<TransferAnswer> {
  const said: string[] = []
  const { gitDir, url, credentials } = job
  const shared = {
    fs: guardedFiles({ gitDir, mayWritePacks: job.kind === 'fetch', dropsRefs: true }),
    gitdir: gitDir,
    url,
    http: createHttpClient(onMoved),
    onAuth: () => (credentials === null ? { cancel: true } : { ...credentials }),
    onMessage: (text: string) => void said.push(text),
  }
  try {
    if (job.kind === 'tip') {
      const refs = await listServerRefs({ http: shared.http, url, onAuth: shared.onAuth, prefix: job.ref })
      return { kind: 'tip', oid: refs.find(({ ref }) => ref === job.ref)?.oid ?? null }
    }
    if (job.kind === 'fetch') {
      await fetch({ ...shared, remoteRef: job.ref, ref: job.ref, singleBranch: false, tags: false })
      return { kind: 'done' }
    }
    const { oid, upstreamRef, replaces } = job
    const result = await push({
      ...shared,
      ref: oid,
      remoteRef: upstreamRef,
      force: replaces !== null,
      onPrePush: ({ remoteRef }) => replaces === null || remoteRef.oid === replaces,
    })
    return result.ok ? { kind: 'done' } : { kind: 'refused', said: [...said, result.error ?? ''].join('\n') }
  } catch (error) {
    return answerOf(error, said, replacesOf(job))
  }
}

function replacesOf(job: TransferJob): Oid | null {
  return job.kind === 'push' ? job.replaces : null
}

function answerOf(error: unknown, said: readonly string[], replaces: Oid | null): TransferAnswer {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const data: unknown = 'data' in error ? error.data : null
  const status =
    typeof data === 'object' && data !== null && 'statusCode' in data && typeof data.statusCode === 'number'
      ? data.statusCode
      : null
  if (code === 'PushRejectedError') return { kind: 'behind' }
  if (code === 'UserCanceledError') return replaces === null ? { ...failed, status: 401 } : { kind: 'behind' }
  if (code === 'GitPushError') {
    const remote = said.map((text) => text.replaceAll(/^/gm, 'remote: '))
    return { kind: 'refused', said: [...remote, error.message].join('\n') }
  }
  return { kind: 'failed', status, code, message: error.message }
}

/** No credentials, and the server asked for some. */
const failed = { kind: 'failed', code: 'no-credentials', message: 'the remote asks for credentials' } as const
