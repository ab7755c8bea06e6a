import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Command } from 'commander'
import { errnoOf, SyncError } from '../../errors.ts'
import { processes, systemRandom } from '../../platform/platform.ts'
import type { Context, Given, Run } from '../context.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { noDaemonError, requireWorkspace } from '../locate.ts'
import { problemText } from '../messages.ts'
import { badPolicy, badWriterName, noProgram, notFound, notStarted, noWriter, unascribed } from '../messages/run.ts'

/** As shells have it. */
const notFoundCode = 127
const notExecutableCode = 126
const signalBase = 128
/** The daemon is asked what was written; a program's end does not wait longer for it. */
const writtenMsMax = 2_000
/** Passed on to the program. A terminal sends the first two to it by itself. */
const fromTerminal = ['SIGINT', 'SIGQUIT'] as const
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/** The variable of the tag, as `src/witness` looks for it. */
const tagVariable = 'WORKSPACE_SYNC_WRITER'

interface Wanted {
  readonly name: string
  readonly policy: 'sync' | 'block'
}

export function registerRun(program: Command, run: Run): void {
  program
    .command('run')
    .description(help.run.summary)
    .argument('[command...]')
    .option('--writer <name>', optionHelp.writer)
    .option('--policy <policy>', optionHelp.policy, 'sync')
    .addHelpText('after', exampleText(help.run.example))
    .action(run(runWriter))
}

async function runWriter(context: Context, { args, options }: Given): Promise<number> {
  const [command, ...rest] = args
  const { ask, isWriterName } = await import('../../control/control.ts')
  const wanted = wantedOf(options, isWriterName)
  if (command === undefined) throw usage(noProgram)
  const { root, stateDir } = requireWorkspace(context.directory)
  const us = processes.identity(process.pid)
  const outer = processes.cgroups.own()
  const group = processes.cgroups.make(`workspace-sync-${systemRandom.hex(8)}`)
  try {
    const request = { ...wanted, command, process: us ?? { pid: process.pid, startTick: 0 }, cgroup: group }
    const answer = await ask(stateDir, 'declare', request)
    if (answer === 'no-daemon') throw noDaemonError(root)
    // What is started from here on is born into it.
    if (group !== null) processes.cgroups.enter(group)
    const code = await runToTheEnd(context, command, rest, answer.tag)
    // As long as this process lives, the bytes of all that has ended are in its account.
    const asked = ask(stateDir, 'written', { pid: process.pid }, writtenMsMax)
    const written = await asked.catch(() => 'no-daemon' as const)
    if (wanted.policy === 'block' && written !== 'no-daemon' && written.unknown > 0) {
      context.err(unascribed(wanted.name, written))
    }
    return code
  } finally {
    if (group !== null) {
      if (outer !== null) processes.cgroups.enter(outer)
      // What the program left running stays in it; the daemon removes it when that has ended too.
      processes.cgroups.remove(group)
    }
  }
}

function wantedOf(options: Given['options'], isWriterName: (name: string) => boolean): Wanted {
  const { writer: name, policy } = options
  if (typeof name !== 'string') throw usage(noWriter)
  if (!isWriterName(name)) throw usage(badWriterName(name))
  if (policy !== 'sync' && policy !== 'block') throw usage(badPolicy(String(policy)))
  return { name, policy }
}

function usage({ message, hint }: { readonly message: string; readonly hint: string }): SyncError {
  return new SyncError('usage', message, hint)
}

/** On the terminal, or whatever the standard streams are, as if it had been started without us. */
function runToTheEnd(context: Context, command: string, args: readonly string[], tag: string): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...context.env, [tagVariable]: tag }
    const child = spawn(command, args, { stdio: 'inherit', cwd: context.cwd, env })
    const stopPassing = passSignalsOn((signal) => child.kill(signal))
    const settle = (code: number): void => {
      stopPassing()
      resolve(code)
    }
    child.once('error', (error) => {
      const isMissing = errnoOf(error) === 'ENOENT'
      const { message, hint } = isMissing ? notFound(command) : notStarted(command, errnoOf(error) ?? error.message)
      context.err(problemText(message, hint))
      settle(isMissing ? notFoundCode : notExecutableCode)
    })
    child.once('exit', (code, signal) => settle(code ?? signalBase + constants.signals[signal ?? 'SIGKILL']))
  })
}

/** Two interrupts for one typed would be a different request to many programs. */
function passSignalsOn(pass: (signal: NodeJS.Signals) => void): () => void {
  const ignore = (): void => {}
  const typed = process.stdin.isTTY ? ignore : pass
  for (const signal of fromTerminal) process.on(signal, typed)
  for (const signal of passedOn) process.on(signal, pass)
  return () => {
    for (const signal of fromTerminal) process.off(signal, typed)
    for (const signal of passedOn) process.off(signal, pass)
  }
}
