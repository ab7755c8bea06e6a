/** The command line: reads the common options, runs one command, and says how it ended. */
import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command, CommanderError } from 'commander'
import { errnoOf, SyncError, type SyncErrorKind } from '../errors.ts'
import { systemClock } from '../platform/platform.ts'
import { masked } from '../tokens.ts'
import { registerAck } from './commands/ack.ts'
import { registerBenchmark } from './commands/benchmark.ts'
import { registerCompletion } from './commands/completion.ts'
import { registerConfig } from './commands/config.ts'
import { registerDebug } from './commands/debug.ts'
import { registerDemo } from './commands/demo.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerFilters } from './commands/filters.ts'
import { registerHealth } from './commands/health.ts'
import { registerHistory } from './commands/history.ts'
import { registerHooks } from './commands/hooks.ts'
import { registerInit } from './commands/init.ts'
import { registerLogs } from './commands/logs.ts'
import { registerPause, registerResume } from './commands/pause.ts'
import { registerRelease } from './commands/release.ts'
import { registerRestart } from './commands/restart.ts'
import { registerRun } from './commands/run.ts'
import { registerStart } from './commands/start.ts'
import { registerStatus } from './commands/status.ts'
import { registerStop } from './commands/stop.ts'
import { registerSync } from './commands/sync.ts'
import { registerTestFilter } from './commands/test-filter.ts'
import { registerConflicts } from './commands/conflicts.ts'
import { registerUndo } from './commands/undo.ts'
import { registerWhy } from './commands/why.ts'
import { registerUninstall } from './commands/uninstall.ts'
import type { Body, Context, Run, World } from './context.ts'
import { exitCode } from './exit-code.ts'
import { argumentHelp, exampleText, optionHelp, programExample, programSummary } from './help.ts'
import { wantsColor } from './printable.ts'
import { tellNotices } from './tell-notices.ts'
import { internalHint, noDirectory, problemText, systemHint, usageText, warningText } from './messages.ts'

/** In the order of the help text. A new command is a new line here and a file of its own. */
const registrations: readonly ((program: Command, run: Run) => void)[] = [
  registerStart,
  registerStop,
  registerRestart,
  registerPause,
  registerResume,
  registerSync,
  registerStatus,
  registerTestFilter,
  registerWhy,
  registerDebug,
  registerHistory,
  registerUndo,
  registerConflicts,
  registerLogs,
  registerRelease,
  registerAck,
  registerRun,
  registerFilters,
  registerHealth,
  registerHooks,
  registerDoctor,
  registerInit,
  registerDemo,
  registerBenchmark,
  registerConfig,
  registerCompletion,
  registerUninstall,
]

/** Runs the command that `args` names. Never throws. @returns the exit code. */
export async function main(args: readonly string[], given: World): Promise<number> {
  // Here, whatever it is part of: the name of a file, the key of a member, what a hook said, a line in conflict.
  const world: World = {
    ...given,
    out: (text) => given.out(masked(text)),
    err: (text) => given.err(masked(text)),
  }
  let code: number = exitCode.done
  const run: Run =
    (body: Body) =>
    async (...parameters) => {
      const command = parameters.at(-1)
      if (!(command instanceof Command)) throw new TypeError('commander hands the command over last')
      const context = contextOf(world, command)
      try {
        code = await body(context, { args: command.args, options: command.opts() })
      } finally {
        await tellNotices(context, topName(command), command.opts()['hook'] === true)
      }
    }
  const program = createProgram(world, run)
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    return failed(error, world, args)
  }
}

/** The process as the world; the only place that ends it. */
export async function runProcess(): Promise<void> {
  let isClosed = false
  for (const stream of [process.stdout, process.stderr]) {
    // A reader that has seen enough (`| head`) is no error; writing on to nobody does no harm.
    stream.on('error', () => (isClosed = true))
  }
  const code = await main(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    interactive: process.stdout.isTTY,
    size: () => (process.stdout.isTTY ? { columns: process.stdout.columns, rows: process.stdout.rows } : null),
    clock: systemClock,
    version: ownVersion(),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isOutputClosed: () => isClosed,
  })
  // What was written last may still be on its way.
  await new Promise((written) => process.stdout.write('', written))
  process.exit(code)
}

/** Everything that can be typed; help, completions and documents are made from it or compared with it. */
export function createProgram(world: Pick<World, 'version' | 'out' | 'err'>, run: Run): Command {
  const program = new Command('workspace-sync')
    .description(programSummary)
    .usage('<command> [options]')
    .option('-C, --workspace <dir>', optionHelp.workspace)
    .option('--json', optionHelp.json)
    .option('--set <key=value>', optionHelp.set, (text: string, sofar?: readonly string[]) => [...(sofar ?? []), text])
    .option('-q, --quiet', optionHelp.quiet)
    .option('-v, --verbose', optionHelp.verbose)
    .option('--no-color', optionHelp.noColor)
    .version(world.version, '--version', optionHelp.version)
    .helpOption('-h, --help', optionHelp.help)
    .addHelpText('after', exampleText(programExample))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => world.out(text), writeErr: (text) => world.err(text) })
    .exitOverride()
  for (const register of registrations) register(program, run)
  for (const command of program.commands) explainArguments(command)
  explainErrors(program)
  return program
}

function explainErrors(command: Command): void {
  const names = command.commands.map((sub) => sub.name())
  command.configureOutput({ outputError: (text, write) => write(usageText(text, names)) })
  for (const sub of command.commands) explainErrors(sub)
}

function explainArguments(command: Command): void {
  for (const argument of command.registeredArguments) argument.description ||= argumentHelp[argument.name()] ?? ''
  for (const sub of command.commands) explainArguments(sub)
}

function contextOf(world: World, command: Command): Context {
  const options = command.optsWithGlobals<CommonOptions>()
  const directory = resolve(world.cwd, options.workspace ?? '.')
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const { message, hint } = noDirectory(directory)
    throw new SyncError('usage', message, hint)
  }
  const json = options.json === true
  const quiet = options.quiet === true
  return {
    ...world,
    directory,
    isNamed: options.workspace !== undefined,
    json,
    quiet,
    verbose: options.verbose === true,
    color: options.color && wantsColor(world.env, world.interactive),
    sets: options.set ?? [],
    answer(value, text) {
      if (json) world.out(`${JSON.stringify(value)}\n`)
      else if (!quiet) world.out(text.endsWith('\n') ? text : `${text}\n`)
    },
    warn(text) {
      if (!quiet) world.err(warningText(text))
    },
  }
}

/** `filters` for `filters list`. */
function topName(command: Command): string {
  const { parent } = command
  return parent === null || parent.parent === null ? command.name() : topName(parent)
}

interface CommonOptions {
  readonly workspace?: string
  readonly json?: boolean
  readonly set?: readonly string[]
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly color: boolean
}

const codeOf: Readonly<Record<SyncErrorKind, number>> = {
  usage: exitCode.usage,
  configuration: exitCode.usage,
  rules: exitCode.usage,
  repository: exitCode.usage,
  lock: exitCode.failed,
  'no-daemon': exitCode.noDaemon,
  system: exitCode.failed,
}

function failed(error: unknown, world: World, args: readonly string[]): number {
  // Commander has written its own words by now; help and version end by an exception too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage
  const isOurs = error instanceof SyncError
  const message = error instanceof Error ? error.message : String(error)
  const hint = errnoOf(error) === null ? internalHint : systemHint
  world.err(problemText(message, isOurs ? error.hint : hint))
  const options = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length)
  const isVerbose = options.includes('-v') || options.includes('--verbose')
  if (isVerbose && error instanceof Error) world.err(`${error.stack ?? ''}\n`)
  return isOurs ? codeOf[error.kind] : exitCode.failed
}

function ownVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
