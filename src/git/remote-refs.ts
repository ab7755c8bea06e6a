import type { Failure, Oid } from '../types.ts'
import { failureOf } from './failures.ts'
import type { GitAnswer } from './run.ts'
import type { Ref } from './survey.ts'

/** Refs of ours on a remote. No hook is asked about them: nobody else knows them. */
export interface RemoteRefs {
  /** Gives the remote ours below `prefix`. What it has besides stays: refs can be lost here. */
  mirrorRefs(remote: string, prefix: string): Promise<Failure | null>
  /** What the remote has below `prefix`, which ends with a slash. */
  refsThere(remote: string, prefix: string): Promise<{ readonly refs: readonly Ref[] } | Failure>
  /** Takes one from the remote, if it is there as it was seen. */
  removeThere(remote: string, seen: Ref): Promise<Failure | null>
}

export interface RemoteCalls {
  list(args: readonly string[]): Promise<GitAnswer>
  push(remote: string, args: readonly string[]): Promise<GitAnswer>
}

export function createRemoteRefs({ list, push }: RemoteCalls): RemoteRefs {
  return {
    mirrorRefs: async (remote, prefix) => {
      const args = ['--force', '--no-verify', '--', remote, `${prefix}*:${prefix}*`]
      const answer = await push(remote, args)
      return answer.code === 0 ? null : failureOf('push', answer)
    },
    refsThere: async (remote, prefix) => {
      const answer = await list(['--', remote, `${prefix}*`])
      if (answer.code !== 0) return failureOf('ls-remote', answer)
      const lines = answer.stdout.toString('utf8').split('\n')
      const refs = lines.map((line) => ({ oid: line.split('\t')[0] ?? '', name: line.split('\t')[1] ?? '' }))
      return { refs: refs.filter(({ name }) => name.startsWith(prefix)) }
    },
    removeThere: async (remote, { name, oid }: { readonly name: string; readonly oid: Oid }) => {
      const args = ['--no-verify', `--force-with-lease=${name}:${oid}`, '--', remote, `:${name}`]
      const answer = await push(remote, args)
      if (answer.code === 0) return null
      return answer.stdout.toString('utf8').includes('(stale info)') ? changedThere : failureOf('push', answer)
    },
  }
}

const changedThere: Failure = {
  name: 'unknown',
  detail: 'the ref was changed or taken away over there meanwhile',
  hint: 'look again',
  heals: 'backoff',
}
