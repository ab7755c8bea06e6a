import type { Failure, Oid } from '../types.ts'
import { addressesOf } from './addresses.ts'
import type { Claimed } from './claims.ts'
import type { Upstream } from './engine.ts'
import { batchSsh, hookEnvironment } from './environment.ts'
import { withoutLazyFetch } from './lazy-fetch.ts'
import { failureOf, redact, repositoryError } from './failures.ts'
import type { ObjectReader } from './objects.ts'
import { withoutProgress } from './progress.ts'
import type { PushPass } from './push-pass.ts'
import { createPushing, oneRef, pushArgs, tracked, type Pushing } from './pushing.ts'
import { overtakenRef } from './refused.ts'
import { createRemoteRefs, type RemoteRefs } from './remote-refs.ts'
import type { GitAnswer } from './run.ts'
import { upstreamOf } from './upstream.ts'
import { durable, ownCommits, type Workbench } from './workbench.ts'

/** What is asked of another repository. Everything may fail, and every failure is a value. */
export interface Remotes extends Pushing, RemoteRefs {
  remoteTip(remote: string, ref: string): Promise<{ readonly tip: Oid | null } | Failure>
  compare(
    local: Oid | null,
    tip: Oid,
    upstream: Upstream,
  ): Promise<{ readonly ahead: number; readonly behind: number } | Failure>
  upstream(ref: string): Promise<Upstream | null>
  commitsOfOthers(oid: Oid, tip: Oid | null): Promise<number>
}

export function createRemotes(
  bench: Workbench,
  objects: ObjectReader,
  environment: Readonly<Record<string, string | undefined>>,
  pass: PushPass,
): Remotes {
  const sshOf = async (): Promise<Readonly<Record<string, string>>> => {
    const isOwn = environment['GIT_SSH_COMMAND'] !== undefined || environment['GIT_SSH'] !== undefined
    if (isOwn || (await bench.settings.read()).one('core.sshcommand') !== null) return {}
    return { GIT_SSH_COMMAND: batchSsh }
  }
  const run = async (
    args: readonly string[],
    deadlineMs: number,
    more: Readonly<Record<string, string>> = {},
  ): Promise<GitAnswer> => {
    bench.claims.settle()
    const answer = await bench.git.run({
      args: [...(await patienceOf(bench)), ...args],
      deadlineMs,
      stillMs: bench.deadlines.stillMs,
      environment: { ...hookEnvironment, ...(await sshOf()), ...more },
    })
    return { ...answer, stderr: withoutProgress(answer.stderr) }
  }

  const remoteTip: Remotes['remoteTip'] = async (remote, ref) => {
    const answer = await run(['ls-remote', '--', remote, ref], bench.deadlines.listMs)
    if (answer.code !== 0) return failureOf('ls-remote', answer)
    const lines = answer.stdout.toString('utf8').split('\n')
    const tip = lines.find((line) => line.endsWith(`\t${ref}`))?.split('\t')[0] ?? null
    return tip === null ? ((await notGit(bench, run, remote, ref)) ?? { tip }) : { tip }
  }

  const isHere = async (commit: Oid): Promise<boolean> => {
    const config = await bench.settings.read()
    if (config.matching(partial).length === 0) return (await objects.info(commit)) !== null
    const asked = { args: ['cat-file', '-e', commit], environment: withoutLazyFetch }
    const answer = await bench.git.run({ ...asked, deadlineMs: bench.deadlines.plumbingMs })
    return answer.code === 0
  }

  return {
    upstream: (ref) => upstreamOf(bench, ref),
    ...createPushing({ bench, run, environment, pass, remoteTip }),
    commitsOfOthers: async (oid, tip) => {
      if (tip !== null && !(await isHere(tip))) return 0
      const args = ['rev-list', '--count', '--invert-grep', ...ownCommits, oid, ...(tip === null ? [] : [`^${tip}`])]
      const answer = await run(args, bench.deadlines.treeMs)
      if (answer.code !== 0) throw repositoryError(failureOf('rev-list', answer))
      return Number(answer.stdout.toString('latin1').trim())
    },
    ...createRemoteRefs({
      list: (args) => run(['ls-remote', ...args], bench.deadlines.listMs),
      push: async (remote, args) =>
        run([...(await oneRef(bench, remote)), ...pushArgs, ...args], bench.deadlines.transferMs),
    }),
    remoteTip,
    compare: async (local, tip, { remote, ref }) => {
      if (!(await isHere(tip))) {
        const claimed = await claimedByFetch(bench, remote, ref)
        const args = [...fetchArgs, ...(await besideBranches(bench, remote, ref)), '--', remote, ref, othersRefs]
        const answer = await bench.claims.during(claimed, () => run(args, bench.deadlines.transferMs))
        if (answer.code !== 0 && !isOvertaken(answer)) return failureOf('fetch', answer)
        if (!(await isHere(tip))) return movedOn
      }
      const range = local === null ? tip : `${local}...${tip}`
      const args = ['rev-list', '--left-right', '--count', range]
      const answer = await run(args, bench.deadlines.treeMs)
      const counts = /^(\d+)\t(\d+)/.exec(answer.stdout.toString('latin1'))
      if (answer.code !== 0 || counts === null) return failureOf('rev-list', answer)
      return { ahead: Number(counts[1]), behind: Number(counts[2]) }
    },
  }
}

/** What makes a partial clone. */
const partial = /^(?:remote\..*\.(?:promisor|partialclonefilter)|extensions\.partialclone)$/s

type Run = (args: readonly string[], deadlineMs: number, more?: Readonly<Record<string, string>>) => Promise<GitAnswer>

/**
 * A page in place of an answer, as a network or a proxy shows it that wants a login, is a repository without branches
 * to git: it takes it for one of plain files. What speaks git, or lists anything, is believed.
 */
async function notGit(
  { settings, deadlines }: Workbench,
  run: Run,
  remote: string,
  ref: string,
): Promise<Failure | null> {
  const address = redact(addressesOf(await settings.read(), remote).asked)
  if (!/^https?:/i.test(address)) return null
  const traced = await run(['ls-remote', '--', remote, ref], deadlines.listMs, { GIT_TRACE_PACKET: '1' })
  if (traced.code !== 0) return failureOf('ls-remote', traced)
  if (/packet: .*git< /.test(traced.stderr)) return null
  const listed = await run(['ls-remote', '--', remote], deadlines.listMs)
  if (listed.code !== 0) return failureOf('ls-remote', listed)
  return listed.stdout.length > 0 ? null : { ...noServer, detail: `no git server answers at ${address}` }
}

const noServer: Failure = {
  name: 'no-such-remote',
  detail: '',
  hint: 'sign in where the network asks for it, or check the address with: git remote -v',
  heals: 'unreachable',
}

/** Where a remote's branches are to land on the branches here, a fetch would refuse, or take commits out of one. */
async function besideBranches(bench: Workbench, remote: string, ref: string): Promise<readonly string[]> {
  const follow = await tracked(bench, remote, ref)
  return follow.some((one) => one.startsWith('refs/heads/')) ? ['--refmap='] : []
}

async function claimedByFetch(bench: Workbench, remote: string, ref: string): Promise<Claimed> {
  // Newer gits note what the remote's HEAD is, too.
  const refs = [...(await tracked(bench, remote, ref)), `refs/remotes/${remote}/HEAD`]
  return { refs, below: [othersBelow], files: ['packed-refs', 'shallow'], to: null }
}

/** A server that fell silent is left, unless the user chose a patience of their own. */
async function patienceOf({ settings, deadlines }: Workbench): Promise<readonly string[]> {
  const config = await settings.read()
  if (config.one('http.lowspeedlimit') !== null || config.one('http.lowspeedtime') !== null) return []
  const seconds = Math.ceil(deadlines.silenceMs / 1_000)
  return ['-c', 'http.lowSpeedLimit=1', '-c', `http.lowSpeedTime=${seconds}`]
}

/**
 * Flaws of old tools that every history of some age holds, and that harm nobody: with `fetch.fsckObjects` alone they
 * would keep everything out (git-fsck(1), "FSCK MESSAGES").
 */
const harmless = [
  'badDate',
  'badDateOverflow',
  'badTimezone',
  'missingEmail',
  'missingNameBeforeEmail',
  'missingSpaceBeforeDate',
  'missingSpaceBeforeEmail',
  'nullSha1',
  'zeroPaddedDate',
  'zeroPaddedFilemode',
]

const fetchArgs = [
  ...durable,
  '-c',
  'fetch.fsckObjects=true',
  ...harmless.flatMap((flaw) => ['-c', `fetch.fsck.${flaw}=warn`]),
  // Another file that a kill could leave locked; the user's own commands keep it.
  '-c',
  'fetch.writeCommitGraph=false',
  'fetch',
  '--progress',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  // Of the refs that are named with a place here, which are only those of conflicts.
  '--prune',
]

/** What other clones keep of their conflicts, to be looked at here. */
const othersBelow = 'refs/workspace-sync/others'
const othersRefs = `+refs/workspace-sync/conflicts/*:${othersBelow}/*`

const movedOn: Failure = {
  name: 'unknown',
  detail: 'the remote branch moved while it was fetched',
  hint: 'nothing to do: it is asked again',
  heals: 'backoff',
}

/**
 * A push of the same moment, ours or the user's, moved the ref that follows the remote. Git updates refs last: what it
 * fetched is here, and was looked through.
 */
function isOvertaken({ stderr }: GitAnswer): boolean {
  const errors = stderr.split('\n').filter((line) => /^(?:error|fatal): /.test(line))
  return errors.length > 0 && errors.every((line) => overtakenRef.test(line))
}
