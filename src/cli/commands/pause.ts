import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { noDaemonError, requireWorkspace } from '../locate.ts'
import { fromNextStart, notDuration, notPaused, notSettled, paused, resumed, silentDaemon } from '../messages/pause.ts'
import type { Workspace } from '../workspace.ts'

/** Ten years; longer is no time anybody means. */
const forMsMax = 3650 * 86_400_000

export function registerPause(program: Command, run: Run): void {
  program
    .command('pause')
    .description(help.pause.summary)
    .option('--for <duration>', optionHelp.for)
    .addHelpText('after', exampleText(help.pause.example))
    .action(run(pause))
}

export function registerResume(program: Command, run: Run): void {
  program
    .command('resume')
    .description(help.resume.summary)
    .addHelpText('after', exampleText(help.resume.example))
    .action(run(resume))
}

async function pause(context: Context, { options }: Given): Promise<number> {
  const workspace = requireWorkspace(context.directory)
  const forMs = await durationOf(options['for'])
  const { ask } = await import('../../control/control.ts')
  const by = userName()
  const answer = await ask(workspace.stateDir, 'pause', { by, forMs })
  const isRunning = answer !== 'no-daemon'
  const untilMs = isRunning ? answer.untilMs : await pauseAtRest(context, workspace, by, forMs)
  const until = untilMs === null ? null : new Date(untilMs)
  context.answer(
    { paused: true, until: until?.toISOString() ?? null, running: isRunning },
    paused(until?.toLocaleString('sv') ?? null),
  )
  if (!isRunning) context.warn(fromNextStart)
  else if (!answer.settled) context.warn(notSettled)
  return exitCode.done
}

async function resume(context: Context): Promise<number> {
  const workspace = requireWorkspace(context.directory)
  const { ask } = await import('../../control/control.ts')
  const answer = await ask(workspace.stateDir, 'resume', {})
  const isRunning = answer !== 'no-daemon'
  const wasPaused = isRunning ? answer.wasPaused : await resumeAtRest(context, workspace)
  context.answer({ wasPaused, running: isRunning }, wasPaused ? resumed(isRunning) : notPaused)
  return exitCode.done
}

/** @returns null without one. @throws SyncError `usage`. */
async function durationOf(text: unknown): Promise<number | null> {
  if (typeof text !== 'string') return null
  const { parseDuration } = await import('../../config/config.ts')
  const forMs = parseDuration(text)
  if (forMs !== null && forMs >= 1 && forMs <= forMsMax) return forMs
  const { message, hint } = notDuration(text)
  throw new SyncError('usage', message, hint)
}

/** A service may start the daemon a moment later: whoever pauses now means that too. */
async function pauseAtRest(
  { clock }: Context,
  { stateDir }: Workspace,
  by: string,
  forMs: number | null,
): Promise<number | null> {
  const { stateAtRest } = await import('../../daemon/daemon.ts')
  await refuseSilentDaemon(stateDir)
  const sinceMs = clock.nowMs()
  const untilMs = forMs === null ? null : sinceMs + forMs
  stateAtRest.write(stateDir, sinceMs, { pause: { by, sinceMs, untilMs } })
  return untilMs
}

/** @throws SyncError `no-daemon` when there is nothing to resume either. */
async function resumeAtRest({ clock }: Context, { root, stateDir }: Workspace): Promise<boolean> {
  const { stateAtRest } = await import('../../daemon/daemon.ts')
  await refuseSilentDaemon(stateDir)
  const saved = stateAtRest.read(stateDir)?.pause ?? null
  if (saved === null) throw noDaemonError(root)
  stateAtRest.write(stateDir, clock.nowMs(), { pause: null })
  return saved.untilMs === null || saved.untilMs > clock.nowMs()
}

/** A daemon that lives without its socket would write over what is written beside it. */
async function refuseSilentDaemon(stateDir: string): Promise<void> {
  const { lockOwner } = await import('../../daemon/daemon.ts')
  const owner = lockOwner(stateDir)
  if (owner === null) return
  const { message, hint } = silentDaemon(owner.pid)
  throw new SyncError('system', message, hint)
}

function userName(): string {
  try {
    return userInfo().username.slice(0, 100)
  } catch {
    // A user id without a name, as in many containers.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
