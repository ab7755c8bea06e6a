import { addressesOf } from './addresses.ts'
import type { Upstream } from './engine.ts'
import { shellWord } from '../shell.ts'
import { redact } from './failures.ts'
import type { Config } from './settings.ts'
import type { Workbench } from './workbench.ts'

/** Where a local branch is pushed to, by the configuration; null: nowhere. */
export async function upstreamOf(bench: Pick<Workbench, 'settings'>, ref: string): Promise<Upstream | null> {
  const config = await bench.settings.read()
  const branch = ref.replace(/^refs\/heads\//, '')
  const remote = config.one(`branch.${branch}.remote`)
  const merge = config.one(`branch.${branch}.merge`)
  // '.' is this repository: a branch that follows another one here has nowhere to go.
  if (remote === null || merge === null || remote === '.') return null
  const elsewhere = elsewhereOf(config, branch, { remote, merge })
  return { remote, named: redact(remote), ref: merge, ...addressedTo(config, remote), elsewhere }
}

/** A place that is named with a password and without is one place. */
function addressedTo(config: Config, remote: string): Pick<Upstream, 'address' | 'asked'> {
  const { asked, pushed, by } = addressesOf(config, remote)
  const address = redact(asked)
  const places = pushed.map((place) => redact(place))
  if (by === null || places.includes(address)) return { address, asked: null }
  return { address: places[0] ?? address, asked: { address, by, remedy: remedyOf(remote, by) } }
}

function remedyOf(remote: string, by: 'pushurl' | 'pushInsteadOf'): string {
  // What names its password is not told.
  if (redact(remote) !== remote) return `see what git config --show-origin --get-regexp ${by} says`
  const word = shellWord(remote)
  if (by === 'pushurl') return `git config --unset-all ${shellWord(`remote.${remote}.pushurl`)}`
  return `git remote set-url --push ${word} "$(git ls-remote --get-url ${word})"`
}

/**
 * A branch that was made from another one's upstream follows that one: what is not finished there would end up in
 * everybody's. git's own push refuses that by default, and goes where it was told to.
 */
function elsewhereOf(
  config: Pick<Config, 'one' | 'all'>,
  branch: string,
  { remote, merge }: { readonly remote: string; readonly merge: string },
): Upstream['elsewhere'] {
  const pushed = config.one(`branch.${branch}.pushremote`) ?? config.one('remote.pushdefault') ?? remote
  const named = redact(remote)
  // What names its password is not told, and is taken from where it stands.
  const word = named === remote ? shellWord(remote) : `"$(git config ${shellWord(`branch.${branch}.remote`)})"`
  if (pushed !== remote) {
    const what = `git pushes branch ${branch} to ${redact(pushed)}, and its upstream is of ${named}`
    const key = shellWord(`branch.${branch}.pushRemote`)
    return { what, remedy: `to push to ${named}: git config ${key} ${word}` }
  }
  const refspecs = config.all(`remote.${remote}.push`)
  if (refspecs.length > 0) return sentElsewhere(refspecs, branch, { remote, merge })
  const target = merge.replace(/^refs\/heads\//, '')
  const mode = config.one('push.default')
  if (target === branch || mode === 'upstream' || mode === 'tracking') return null
  const own = `git push -u ${word} ${shellWord(branch)}`
  const remedy = `to push to one of its own: ${own}; to push to ${target}: git config push.default upstream`
  return {
    what: `branch ${branch} follows ${target} of ${named}, and is not pushed to a branch of another name`,
    remedy,
  }
}

/** Refspecs of its own come before all else: they send what is pushed to review, or to a branch of one's own. */
function sentElsewhere(
  refspecs: readonly string[],
  branch: string,
  { remote, merge }: { readonly remote: string; readonly merge: string },
): Upstream['elsewhere'] {
  const ref = `refs/heads/${branch}`
  const targets = sentTo(refspecs, ref)
  if (targets.includes(merge)) return null
  const to = targets.length === 0 ? 'nowhere' : `to ${targets.join(' and ')}`
  const what = `git pushes branch ${branch} ${to} (remote.${redact(remote)}.push), and it follows ${merge}`
  const key = shellWord(`remote.${remote}.push`)
  // What names its password is not told; and what is left out stays left out, whatever is added.
  if (redact(remote) !== remote || leavesOut(refspecs, ref)) {
    return { what, remedy: 'see what git config --get-regexp remote.*push says' }
  }
  return { what, remedy: `to push there too: git config --add ${key} ${shellWord(`${ref}:${merge}`)}` }
}

/** Where a plain `git push` sends the branch that is checked out, by `remote.<name>.push`. */
export function sentTo(refspecs: readonly string[], ref: string): readonly string[] {
  if (leavesOut(refspecs, ref)) return []
  return refspecs.flatMap((refspec) => {
    const [from = '', to = from] = refspec.replace(/^\+/, '').split(':', 2)
    // ':' stands for every branch that is here and there.
    if (from === '' && to === '') return [ref]
    const isHead = from === 'HEAD' || from === '@'
    const target = mapped(isHead ? ref : qualified(from), isHead && to === from ? ref : qualified(to), ref)
    return target === null ? [] : [target]
  })
}

function leavesOut(refspecs: readonly string[], ref: string): boolean {
  return refspecs.some((one) => one.startsWith('^') && mapped(one.slice(1), one.slice(1), ref) !== null)
}

function qualified(name: string): string {
  if (name.startsWith('refs/') || name.startsWith('*')) return name
  return `refs/heads/${name.replace(/^heads\//, '')}`
}

/** Refs that follow the remote's `ref` here, by `remote.<name>.fetch`. */
export function trackedBy(refspecs: readonly string[], ref: string): readonly string[] {
  return refspecs.flatMap((refspec) => {
    const [from = '', to = ''] = refspec.replace(/^\+/, '').split(':', 2)
    const target = to === '' ? null : mapped(from, to, ref)
    return target === null ? [] : [target]
  })
}

/** null: `from` is not the ref, and as a pattern does not match it. */
function mapped(from: string, to: string, ref: string): string | null {
  const [before = '', after] = from.split('*', 2)
  if (after === undefined) return from === ref ? to : null
  const isMatch = ref.startsWith(before) && ref.endsWith(after) && ref.length >= before.length + after.length
  return isMatch ? to.replace('*', () => ref.slice(before.length, ref.length - after.length)) : null
}
