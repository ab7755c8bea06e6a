import { SyncError } from '../errors.ts'
import { processes, type ProcessIdentity } from '../platform/platform.ts'
import type { Context } from './context.ts'
import { stillRunning } from './messages.ts'

/** A commit is finished and a push ended first, which takes as long as git's own deadlines at most. */
const endMsMax = 60_000
/** Before `force` is used: to answer, and then to heed a signal. */
const answerMsMax = 5_000
const heedMsMax = 3_000
const killedMsMax = 10_000
const lookMs = 25

/**
 * Ends the daemon of a workspace, and waits until it is gone.
 * @param force one that does not end in time is killed, which loses nothing
 * @returns null when there is none. @throws SyncError `system` when it does not end.
 */
export async function stopDaemon(context: Context, stateDir: string, force = false): Promise<ProcessIdentity | null> {
  const heard = await askToStop(stateDir, force ? answerMsMax : undefined)
  const daemon = heard ?? (await signalToStop(stateDir))
  if (daemon === null) return null
  const waitMs = force && heard === null ? heedMsMax : endMsMax
  if (await isGoneWithin(context, daemon, waitMs)) return daemon
  if (force) {
    process.kill(daemon.pid, 'SIGKILL')
    if (await isGoneWithin(context, daemon, killedMsMax)) return daemon
  }
  const { message, hint } = stillRunning(daemon.pid, waitMs)
  throw new SyncError('system', message, hint)
}

async function askToStop(stateDir: string, waitMs?: number): Promise<ProcessIdentity | null> {
  const { ask } = await import('../control/control.ts')
  try {
    const answer = await ask(stateDir, 'stop', {}, waitMs)
    return answer === 'no-daemon' ? null : answer
  } catch (error) {
    // It hangs, or is of a version that does not know the question: a signal needs no answer.
    if (error instanceof SyncError) return null
    throw error
  }
}

/** The lock names pid and start tick, so that no stranger under a recycled pid gets the signal. */
async function signalToStop(stateDir: string): Promise<ProcessIdentity | null> {
  const { lockOwner } = await import('../daemon/daemon.ts')
  const owner = lockOwner(stateDir)
  if (owner === null) return null
  try {
    process.kill(owner.pid, 'SIGTERM')
  } catch (error) {
    const hint = 'stop it as the user who started it'
    if (isAlive(owner)) throw new SyncError('system', `the daemon (pid ${owner.pid}) takes no signal`, hint, error)
  }
  return owner
}

async function isGoneWithin({ clock }: Context, daemon: ProcessIdentity, waitMs: number): Promise<boolean> {
  const startMs = clock.monotonicMs()
  while (isAlive(daemon)) {
    if (clock.monotonicMs() - startMs > waitMs) return false
    await new Promise<void>((resolve) => clock.after(lookMs, resolve))
  }
  return true
}

function isAlive({ pid, startTick }: ProcessIdentity): boolean {
  return processes.identity(pid)?.startTick === startTick
}
