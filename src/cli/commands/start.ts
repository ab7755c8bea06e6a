import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Command } from 'commander'
import type { Daemon } from '../../daemon/daemon.ts'
import { errnoOf, SyncError } from '../../errors.ts'
import type { GitEngine } from '../../git/git.ts'
import { standingOf, startBehind, startedWith, type Word } from '../background.ts'
import type { FlushResult } from '../../schedule/schedule.ts'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { alreadyRunning, noWorkspaceNamed, started } from '../messages.ts'
import { showDemo } from './demo.ts'
import { terminalReporter } from '../terminal-reporter.ts'
import { answerSync } from '../sync-answer.ts'
import { findWorkspace } from '../workspace.ts'

/** Another one is ready to answer within seconds, or ends its push and is gone. */
const answerMsMax = 60_000
const askAgainMs = 100

interface StartOptions {
  readonly foreground: boolean
  readonly once: boolean
  readonly dryRun: boolean
  readonly push: boolean
}

export function registerStart(program: Command, run: Run): void {
  program
    .command('start')
    .description(help.start.summary)
    .option('--foreground', optionHelp.foreground)
    .option('--once', optionHelp.once)
    .option('--dry-run', optionHelp.dryRun)
    .option('--no-push', optionHelp.noPush)
    .addHelpText('after', exampleText(help.start.example))
    .action(
      run(async (context, given) => {
        const options: StartOptions = {
          foreground: given.options['foreground'] === true,
          once: given.options['once'] === true,
          dryRun: given.options['dryRun'] === true,
          push: given.options['push'] !== false,
        }
        if (isNpmStartAlone(context)) return withoutWorkspace(context, options)
        const inFront = options.foreground || options.once || options.dryRun
        return inFront ? startHere(context, options) : startInBackground(context, options)
      }),
    )
}

/** `npm start` alone runs in this program's own clone: there it would begin to commit, and to push. */
function isNpmStartAlone({ env, directory, isNamed }: Context): boolean {
  const own = join(import.meta.dirname, '..', '..', '..')
  return env['npm_lifecycle_event'] === 'start' && !isNamed && relative(own, directory) === ''
}

/** Whoever has cloned this program to see what it does is shown it. */
function withoutWorkspace(context: Context, options: StartOptions): Promise<number> {
  if (!options.once && !options.dryRun && options.push) return showDemo(context, false)
  const { message, hint } = noWorkspaceNamed
  throw new SyncError('usage', message, hint)
}

async function startInBackground(context: Context, { push }: StartOptions): Promise<number> {
  const { root, kind, pid, standing } = await startBehind(context, startedWith(context, push))
  const text = kind === 'running' ? alreadyRunning(pid, standing) : started(root, pid, standing)
  context.answer({ running: true, pid, ...standing }, text)
  return exitCode.done
}

async function startHere(context: Context, options: StartOptions): Promise<number> {
  const tell = whoStartedUs()
  try {
    return await runDaemon(context, options, tell)
  } catch (error) {
    if (error instanceof SyncError) {
      tell({ kind: 'failed', errorKind: error.kind, message: error.message, hint: error.hint })
    }
    throw error
  }
}

async function runDaemon(context: Context, options: StartOptions, tell: (word: Word) => void): Promise<number> {
  const [{ startDaemon }, { loadConfig }, { openRepository }] = await Promise.all([
    import('../../daemon/daemon.ts'),
    import('../../config/config.ts'),
    import('../../git/git.ts'),
  ])
  const { directory, env, home, sets } = context
  const config = { workspace: findWorkspace(directory)?.root ?? null, home, env, sets }
  // A workspace's own settings, which need git to be trusted, have no say in these.
  const { hooks, engine: engineName } = (await loadConfig(config)).config
  const engine = await openRepository(directory, {
    environment: env,
    readOnly: options.dryRun,
    preCommit: hooks.preCommit,
    engine: engineName,
  })
  const stopSignal = options.once ? null : firstStopSignal()
  try {
    const given = {
      engine,
      config: { ...config, workspace: engine.repository.root },
      version: context.version,
      environment: env,
      temporaryDir: tmpdir(),
      clock: context.clock,
      dryRun: options.dryRun,
      watch: !options.once,
      startedWith: startedWith(context, options.push),
      pushAllowed: options.push && !options.dryRun,
      listener: terminalReporter(context),
    }
    const untilMs = context.clock.monotonicMs() + answerMsMax
    let start = await startDaemon(given)
    while (start.kind === 'running') {
      tell({ kind: 'running', pid: start.owner.pid })
      const code = await leaveToTheOther(context, options, engine, start.owner.pid, untilMs)
      if (code !== 'gone') return code
      start = await startDaemon(given)
    }
    tell({ kind: 'ready', pid: process.pid })
    const { daemon } = start
    return await (stopSignal === null ? once(context, daemon, options) : untilStopped(daemon, stopSignal))
  } finally {
    await engine.close()
  }
}

/** One daemon per workspace: what was asked for is asked of the one that runs. gone: it has ended meanwhile. */
async function leaveToTheOther(
  context: Context,
  options: StartOptions,
  engine: GitEngine,
  pid: number,
  untilMs: number,
): Promise<number | 'gone'> {
  const { stateDir } = engine.repository
  if (!options.once) {
    const standing = standingOf(stateDir, context)
    context.answer({ running: true, pid, ...standing }, alreadyRunning(pid, standing))
    return exitCode.done
  }
  const { lockOwner } = await import('../../daemon/daemon.ts')
  do {
    const result = await askedToSync(stateDir)
    if (result !== 'no-daemon') return answerSync(context, result)
    // It begins, and does not listen yet, or it ends, and does not listen any more.
    await new Promise<void>((resolve) => context.clock.after(askAgainMs, resolve))
    if (lockOwner(stateDir)?.pid !== pid) return 'gone'
  } while (context.clock.monotonicMs() < untilMs)
  throw new SyncError('lock', `the daemon (pid ${pid}) does not answer`, 'try again, or end it: workspace-sync stop')
}

async function askedToSync(stateDir: string): Promise<FlushResult | 'no-daemon'> {
  const { ask } = await import('../../control/control.ts')
  try {
    return await ask(stateDir, 'sync', { paths: null })
  } catch (error) {
    // It ended before it had answered: whoever comes after it has to be asked again.
    if (error instanceof SyncError && ['ECONNRESET', 'EPIPE'].includes(errnoOf(error.cause) ?? '')) return 'no-daemon'
    throw error
  }
}

async function once(context: Context, daemon: Daemon, options: StartOptions): Promise<number> {
  const ended = daemon.ended
  const result = await Promise.race([daemon.sync(null), ended.then(() => null)])
  daemon.stop('done')
  await ended
  if (result === null) return exitCode.done
  if (options.dryRun) return result.held.length > 0 ? exitCode.hold : exitCode.done
  return answerSync(context, result, options.push)
}

async function untilStopped(daemon: Daemon, stopSignal: Promise<NodeJS.Signals>): Promise<number> {
  void stopSignal.then((signal) => daemon.stop(signal))
  // A closed terminal does not end a daemon in the background; one in front is ended by its service manager.
  if (!process.connected) process.on('SIGHUP', () => {})
  await daemon.ended
  return exitCode.done
}

/** Heard from before the start on, so that one that comes early still stops in order. A second one ends at once. */
function firstStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
}

/** The process that waits for word of us, when there is one. */
function whoStartedUs(): (word: Word) => void {
  if (process.send === undefined) return () => {}
  return (word) => {
    process.send?.(word, undefined, undefined, () => process.disconnect())
  }
}
