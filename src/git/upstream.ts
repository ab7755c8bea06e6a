import type { Upstream } from './engine.ts'
import { redact } from './failures.ts'
import type { Workbench } from './workbench.ts'

/** Where a local branch is pushed to, by the configuration; null: nowhere. */
export async function upstreamOf(bench: Pick<Workbench, 'settings'>, ref: string): Promise<Upstream | null> {
  const config = await bench.settings.read()
  const branch = ref.replace(/^refs\/heads\//, '')
  const remote = config.one(`branch.${branch}.remote`)
  const merge = config.one(`branch.${branch}.merge`)
  // '.' is this repository: a branch that follows another one here has nowhere to go.
  if (remote === null || merge === null || remote === '.') return null
  const address = config.one(`remote.${remote}.pushurl`) ?? config.one(`remote.${remote}.url`) ?? remote
  return { remote, ref: merge, address: redact(address) }
}

/** Refs that follow the remote's `ref` here, by `remote.<name>.fetch`. */
export function trackedBy(refspecs: readonly string[], ref: string): readonly string[] {
  return refspecs.flatMap((refspec) => {
    const [from = '', to = ''] = refspec.replace(/^\+/, '').split(':', 2)
    if (to === '') return []
    const [before = '', after] = from.split('*', 2)
    if (after === undefined) return from === ref ? [to] : []
    const isMatch = ref.startsWith(before) && ref.endsWith(after) && ref.length >= before.length + after.length
    return isMatch ? [to.replace('*', () => ref.slice(before.length, ref.length - after.length))] : []
  })
}
