/** What a pull may not do without a word: expose what an ignore rule kept back, and nobody meant to share. */
import { posix } from 'node:path'
import type { PathBytes } from '../types.ts'
import type { Parts } from './board.ts'
import { concerns } from './coming-links.ts'
import type { StateStore } from './state-file.ts'
import type { State } from './state-schema.ts'

type Asked = Pick<Parts, 'engine'> & { readonly state: Pick<StateStore, 'value' | 'update'> }

/** Places kept; of more, those that are left out are the ones that git lists last. */
const exposedMax = 20_000

/** Whether a change of these paths may expose something: rules, the way to them, or configuration that names them. */
export async function changesIgnoreRules(
  { engine }: Pick<Parts, 'engine'>,
  paths: readonly PathBytes[],
): Promise<boolean> {
  if (paths.some((path) => posix.basename(path) === '.gitignore')) return true
  const reached = [await engine.merging.ignoreFiles(), await engine.merging.programs(null)]
  return paths.some((path) => reached.some((one) => concerns(one, path)))
}

/** Before the new rules can count: until it is known what they expose, all that is ignored now may be it. */
export function rememberIgnored({ state }: Asked, ignored: readonly PathBytes[]): void {
  state.update({ exposed: [...new Set([...state.value.exposed, ...ignored])].slice(0, exposedMax) })
}

/** Afterwards: only what is ignored no longer. */
export async function keepExposed({ engine, state }: Asked): Promise<void> {
  engine.forgetIgnores()
  const { exposed } = state.value
  const ignored = await engine.ignored(exposed)
  state.update({ exposed: exposed.filter((path) => !ignored.has(path)) })
}

/** Something that may give these paths other bytes. */
export async function keepingExposed<T>(parts: Asked, paths: readonly PathBytes[], work: () => Promise<T>): Promise<T> {
  if (!(await changesIgnoreRules(parts, paths))) return work()
  rememberIgnored(parts, await parts.engine.merging.ignoredPaths())
  try {
    return await work()
  } finally {
    await keepExposed(parts)
  }
}

/** At or below a place that was ignored until a pull changed the rules. */
export function isExposed(state: Pick<State, 'exposed'> | null, path: PathBytes): boolean {
  return (state?.exposed ?? []).some((place) => path === place || path.startsWith(`${place}/`))
}
