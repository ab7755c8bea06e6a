import type { LoadedConfig } from '../config/config.ts'
import type { GitEngine } from '../git/git.ts'
import type { Trusted } from '../trust/trust.ts'
import type { Context } from './context.ts'
import { printable } from './printable.ts'
import { findWorkspace } from './workspace.ts'

export interface InForce {
  readonly loaded: LoadedConfig
  /** null: outside of a work tree. */
  readonly trusted: Trusted | null
}

/**
 * Rules and settings as a daemon would have them in force here, those of the workspace included; writes nothing.
 * @param given an open engine; without one git is only asked when somebody's word on a file is missing
 * @throws SyncError `configuration` naming every mistake.
 */
export async function loadInForce(context: Context, given: GitEngine | null = null): Promise<InForce> {
  const { loadConfig } = await import('../config/config.ts')
  const trusted = await trustedHere(context, given)
  const loaded = await loadConfig(configInput(context), trusted?.say)
  return { loaded, trusted }
}

export async function trustedHere(context: Context, given: GitEngine | null): Promise<Trusted | null> {
  const workspace = findWorkspace(context.directory)
  if (workspace === null) return null
  const [{ readTrusted }, { stateAtRest }] = await Promise.all([
    import('../trust/trust.ts'),
    import('../daemon/daemon.ts'),
  ])
  let opened: Promise<GitEngine> | null = null
  const engine = (): Promise<GitEngine> => {
    opened ??= given === null ? openReadOnly(context) : Promise.resolve(given)
    return opened
  }
  const state = stateAtRest.read(workspace.stateDir)
  try {
    return await readTrusted({
      root: workspace.root,
      consents: state?.trusted ?? [],
      isBringing: state?.bringing != null,
      nowMs: context.clock.nowMs(),
      engine,
      isSettled: () => true,
    })
  } finally {
    if (given === null) await closeQuietly(opened)
  }
}

/** What is wrong without stopping anything, and what waits for somebody's word. */
export function warnAbout(context: Context, { warnings, waiting }: LoadedConfig): void {
  for (const warning of warnings) context.warn(printable(warning))
  for (const { path, reason } of waiting) context.warn(printable(`${path} ${reason}`))
}

export function configInput({ directory, home, env, sets }: Context) {
  return { workspace: findWorkspace(directory)?.root ?? null, home, env, sets }
}

async function openReadOnly({ directory, env }: Context): Promise<GitEngine> {
  const { openRepository } = await import('../git/git.ts')
  return openRepository(directory, { environment: env, readOnly: true })
}

/** One that could not be opened has nothing to close, and why was told to whoever asked. */
async function closeQuietly(opened: Promise<GitEngine> | null): Promise<void> {
  const engine = await opened?.catch(() => null)
  await engine?.close()
}
