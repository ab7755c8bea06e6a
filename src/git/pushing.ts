import { shellWord } from '../shell.ts'
import type { Failure, Oid, PushOutcome } from '../types.ts'
import { recent } from '../recent.ts'
import { addressesOf, type Addresses } from './addresses.ts'
import type { PushRequest } from './engine.ts'
import { redact } from './failures.ts'
import type { PushPass } from './push-pass.ts'
import { refusedPush } from './refused.ts'
import type { GitAnswer } from './run.ts'
import type { Config } from './settings.ts'
import { trackedBy } from './upstream.ts'
import { durable, type Workbench } from './workbench.ts'

export interface Pushing {
  push(request: PushRequest): Promise<PushOutcome>
  /** Whether each further place that the remote is pushed to has it: what is not known yet, a push finds out. */
  isEverywhere(remote: string, ref: string, oid: Oid): Promise<boolean>
}

interface Means {
  readonly bench: Workbench
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly pass: PushPass
  run(args: readonly string[], deadlineMs: number, more?: Readonly<Record<string, string>>): Promise<GitAnswer>
  remoteTip(remote: string, ref: string): Promise<{ readonly tip: Oid | null } | Failure>
}

/** Places of which it is remembered what they have; of a forgotten one it is asked again. */
const placesMax = 100

export function createPushing({ bench, environment, pass, run, remoteTip }: Means): Pushing {
  const had = recent<string, Oid>(placesMax)
  const pushTo = async ({ remote, oid, upstreamRef, replaces }: PushRequest, place: Place): Promise<PushOutcome> => {
    const lease = replaces === undefined ? [] : [`--force-with-lease=${upstreamRef}:${replaces}`]
    const options = [...pushArgs, ...(await submodulesChecked(bench)), ...lease]
    const args = [...(await oneRef(bench, remote)), ...options, '--', place.name, `${oid}:${upstreamRef}`]
    const claimed = { refs: await tracked(bench, remote, upstreamRef), to: oid }
    const answer = await pass.carry(oid, remote, (shown) =>
      bench.claims.during(claimed, () =>
        run(args, bench.deadlines.transferMs, { ...settingsIn(environment, place.settings), ...shown }),
      ),
    )
    return answer.code === 0 ? { kind: 'pushed', oid } : refusedPush(bench, answer)
  }

  /** One after the other: each has a past of its own, and git tells of all of them as of one. */
  const pushToAll = async (request: PushRequest, config: Config, addresses: Addresses): Promise<PushOutcome> => {
    const { remote, oid, upstreamRef, replaces } = request
    const main = redact(addresses.asked)
    const [first] = addresses.pushed.filter((address) => redact(address) === main)
    if (first !== undefined) {
      const outcome = await pushTo(request, placeOf(config, remote, first))
      if (outcome.kind !== 'pushed') return outcome
    } else if (replaces !== undefined) {
      const seen = await remoteTip(remote, upstreamRef)
      if ('name' in seen) return { kind: 'failed', failure: seen }
      if (seen.tip !== replaces) return { kind: 'behind' }
    }
    let failure: Failure | null = null
    for (const address of addresses.pushed) {
      const key = `${address} ${upstreamRef}`
      if (address === first || had.get(key) === oid) continue
      const outcome = await pushTo({ remote, oid, upstreamRef }, placeOf(config, remote, address))
      if (outcome.kind === 'pushed') had.set(key, oid)
      // Whether where commits come from has it is not known then.
      else if (first === undefined) return outcome
      else failure ??= lagging(redact(address), upstreamRef, outcome)
    }
    return failure === null ? { kind: 'pushed', oid } : { kind: 'failed', failure }
  }

  return {
    push: async (request) => {
      const config = await bench.settings.read()
      const addresses = addressesOf(config, request.remote)
      if (addresses.pushed.length > 1) return pushToAll(request, config, addresses)
      return pushTo(request, { name: request.remote, settings: [] })
    },
    isEverywhere: async (remote, ref, oid) => {
      const { asked, pushed } = addressesOf(await bench.settings.read(), remote)
      if (pushed.length < 2) return true
      return pushed.every((one) => redact(one) === redact(asked) || had.get(`${one} ${ref}`) === oid)
    },
  }
}

/** What follows the remote's ref here. */
export async function tracked({ settings }: Workbench, remote: string, ref: string): Promise<readonly string[]> {
  return trackedBy((await settings.read()).all(`remote.${remote}.fetch`), ref)
}

/** Of a remote that is to have everything, git refuses to push anything less. */
export async function oneRef({ settings }: Workbench, remote: string): Promise<readonly string[]> {
  return (await settings.read()).isTrue(`remote.${remote}.mirror`) ? ['-c', `remote.${remote}.mirror=false`] : []
}

/** What it shows of its progress tells a slow transfer from one that hangs. */
export const pushArgs = [
  ...durable,
  'push',
  '--porcelain',
  '--progress',
  '--no-follow-tags',
  '--no-recurse-submodules',
] as const

/** Submodules are their owner's to push; whoever has git look after them does not want to be ahead of them there. */
async function submodulesChecked({ settings }: Workbench): Promise<readonly string[]> {
  const last = (await settings.read()).matching(/^(?:push\.recursesubmodules|submodule\.recurse)$/).at(-1)
  const wanted = last?.key === 'submodule.recurse' ? /^(?:true|yes|on|[1-9]\d*)$/i : /^(?:check|on-demand|only)$/
  return last !== undefined && wanted.test(last.value) ? ['--recurse-submodules=check'] : []
}

interface Place {
  readonly name: string
  /** What makes a remote of that name. */
  readonly settings: readonly (readonly [key: string, value: string])[]
}

/** What of a remote's settings is none of its addresses, and counts for a push. */
const kept = /\.(?:fetch|receivepack|proxy|proxyauthmethod|vcs|lfsurl|lfspushurl)$/

/** One of a remote's addresses, as a remote of its own: an address alone would lose the rest of its settings. */
function placeOf(config: Config, remote: string, address: string): Place {
  const name = 'workspace-sync-push'
  const from = `remote.${remote}.`
  const others = config.matching(kept).flatMap(({ key, value }) => {
    if (!key.startsWith(from) || !kept.test(`.${key.slice(from.length)}`)) return []
    return [[`remote.${name}.${key.slice(from.length)}`, value] as const]
  })
  const addresses = [`remote.${name}.url`, `remote.${name}.pushurl`].map((key) => [key, address] as const)
  return { name, settings: [...addresses, ...others] }
}

/** By the environment and not by arguments, which everybody on the machine can read: there may be a password. */
function settingsIn(environment: Means['environment'], settings: Place['settings']): Readonly<Record<string, string>> {
  if (settings.length === 0) return {}
  const given = Number(environment['GIT_CONFIG_COUNT'] ?? 0)
  const pairs = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${given + at}`, key],
    [`GIT_CONFIG_VALUE_${given + at}`, value],
  ])
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(given + settings.length) }
}

/** What is there already is not held up by a place that is away: it is only tried again, ever more rarely. */
function lagging(place: string, ref: string, outcome: Exclude<PushOutcome, { kind: 'pushed' }>): Failure {
  if (outcome.kind === 'failed') {
    const { detail, hint } = outcome.failure
    return { name: 'lagging', detail: `not everything is on ${place}: ${detail}`, hint, heals: 'backoff' }
  }
  const branch = shellWord(ref.replace(/^refs\/heads\//, ''))
  return {
    name: 'lagging',
    detail: `not everything is on ${place}: it has commits of its own there`,
    hint: `see what they are: git fetch ${shellWord(place)} ${branch} && git log HEAD..FETCH_HEAD`,
    heals: 'backoff',
  }
}
