/** What a pull may not do without a word: change what git runs here. */
import type { CommitChange } from '../git/git.ts'
import { shellPath } from '../shell.ts'
import { pathText, type Oid, type Pause } from '../types.ts'
import { isAcknowledged } from './acknowledged.ts'
import type { Parts } from './board.ts'
import { comingLinks, concerns } from './coming-links.ts'
import type { State } from './state-schema.ts'

/** Paths named in one sentence; more are counted. */
const namedMax = 3

type Incoming = NonNullable<State['incoming']>

/**
 * Changes of hooks, filters or included configuration that lie in the work tree. They run on this machine, and nobody
 * here has looked at them: the commits that bring them stay out until somebody says `ack`.
 * @returns what still waits; empty: nothing does
 */
export async function unwanted(
  { engine, state }: Parts,
  head: Oid | null,
  tip: Oid,
  changes: readonly CommitChange[],
): Promise<boolean> {
  const reached = await engine.merging.programs(comingLinks(engine, changes))
  const paths = changes
    .filter(({ path }) => concerns(reached, path))
    .map(({ path, before, after }) =>
      after === null
        ? ({ path, what: 'deletion', oid: before?.oid ?? '' } as const)
        : ({ path, what: 'blob', oid: after.oid } as const),
    )
  const isWaiting = paths.some((one) => !isAgreed(state.value, one))
  if (isWaiting || state.value.incoming !== null) {
    state.update({ incoming: isWaiting ? { head, tip, paths } : null })
  }
  return isWaiting
}

function isAgreed(
  { acknowledged }: Pick<State, 'acknowledged'>,
  { path, what, oid }: Incoming['paths'][number],
): boolean {
  return isAcknowledged(acknowledged, path, what === 'blob' ? oid : null, oid)
}

export function incomingPause(state: State, head: Oid | null): Pause | null {
  const { incoming } = state
  if (incoming === null || incoming.head !== head || incoming.paths.every((one) => isAgreed(state, one))) return null
  const named = incoming.paths.slice(0, namedMax).map(({ path }) => path)
  const more = incoming.paths.length - named.length
  const list = `${named.map(pathText).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return {
    name: 'waits-for-ack',
    detail:
      `what was pushed changes what git runs here (${list}); look at it: git ${head === null ? 'show' : 'diff HEAD'} ` +
      `${incoming.tip.slice(0, 10)}; ` +
      `then: workspace-sync ack ${named.map(shellPath).join(' ')}`,
    stops: 'push',
  }
}
