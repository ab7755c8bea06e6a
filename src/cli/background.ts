import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { StartedWith } from '../daemon/daemon.ts'
import { SyncError, type SyncErrorKind } from '../errors.ts'
import type { Context } from './context.ts'
import { endedEarly, notReady } from './messages.ts'
import { readStatus } from './status-files.ts'
import type { StatusReport } from './status-report.ts'
import { findWorkspace } from './workspace.ts'

/** A daemon of 100,000 directories is ready within seconds; one that takes longer than this is stuck. */
const readyMsMax = 120_000

/** What the background process says once to the one that started it. */
export type Word =
  | { readonly kind: 'ready' | 'running'; readonly pid: number }
  | { readonly kind: 'failed'; readonly errorKind: SyncErrorKind; readonly message: string; readonly hint: string }

/** The options of this very command line. */
export function startedWith({ sets, env }: Context, push: boolean): StartedWith {
  const settings = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('WORKSPACE_SYNC_') && value !== undefined ? [[name, value] as const] : [],
  )
  return { sets, push, environment: Object.fromEntries(settings) }
}

/** How a daemon goes on right after it was started; unknown when it could not write that down. */
export type Standing = Pick<StatusReport, 'state' | 'reason'> | { readonly state: 'unknown'; readonly reason: null }

export function standingOf(stateDir: string, { clock }: Context): Standing {
  const status = readStatus(stateDir, clock.nowMs())
  return status === null ? { state: 'unknown', reason: null } : { state: status.state, reason: status.reason }
}

/**
 * Starts the daemon behind the terminal. Resolves when it is ready, or another one is running already.
 * @throws SyncError with what the daemon says is wrong.
 */
export async function startBehind(
  context: Context,
  { sets, push, environment }: StartedWith,
): Promise<{
  readonly root: string
  readonly kind: 'ready' | 'running'
  readonly pid: number
  readonly standing: Standing
}> {
  const { openRepository } = await import('../git/git.ts')
  const engine = await openRepository(context.directory, { environment: context.env })
  const { root, stateDir } = engine.repository
  await engine.close()
  const errorsPath = join(stateDir, 'daemon.stderr')
  const errors = openSync(errorsPath, 'w', 0o600)
  const entry = join(import.meta.dirname, '..', '..', 'bin', 'workspace-sync.js')
  const flags = [...sets.flatMap((set) => ['--set', set]), ...(push ? [] : ['--no-push'])]
  // From a work tree that lies elsewhere (`core.worktree`) nothing leads to its repository.
  const from = findWorkspace(root)?.stateDir === stateDir ? root : context.directory
  const child = spawn(process.execPath, [entry, '-C', from, 'start', '--foreground', '--quiet', ...flags], {
    cwd: root,
    detached: true,
    env: { ...context.env, ...environment },
    stdio: ['ignore', errors, errors, 'ipc'],
  })
  closeSync(errors)
  const word = await wordOf(child, errorsPath)
  child.disconnect()
  child.unref()
  if (word.kind === 'failed') throw new SyncError(word.errorKind, word.message, word.hint)
  return { root, ...word, standing: standingOf(stateDir, context) }
}

function wordOf(child: ChildProcess, errorsPath: string): Promise<Word> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ kind: 'failed', errorKind: 'system', ...notReady(readyMsMax) }),
      readyMsMax,
    )
    const settle = (word: Word): void => {
      clearTimeout(timer)
      resolve(word)
    }
    child.once('message', (word) => settle(word as Word))
    child.once('error', (error) => settle({ kind: 'failed', errorKind: 'system', ...endedEarly(error.message) }))
    child.once('exit', () => settle({ kind: 'failed', errorKind: 'system', ...endedEarly(`see ${errorsPath}`) }))
  })
}
