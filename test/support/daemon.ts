import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StatusFile } from '../../src/report/report.ts'
import { startChild, type Child } from './child.ts'
import { until } from './until.ts'
import { program, type Workspace } from './workspace.ts'

/** Everything at once, and as often as wanted; what a test is about it sets itself. */
const quickSets = [
  'debounce.immediate=100ms',
  'debounce.code=100ms',
  'debounce.default=100ms',
  'limits.commitsPerHour=10000',
  'limits.commitsPerDay=10000',
  'retry.delays=["200ms"]',
  'pull.interval=1s',
] as const

export interface DaemonProcess extends Child {
  /** What `status.json` says now; null before the first and after the end. */
  status(): StatusFile | null
  /** Asks it to end, and waits. @returns its exit code. */
  stop(): Promise<number | NodeJS.Signals>
  kill9(): Promise<void>
  /** Waits until the output holds `text`. @throws with the output when it does not in time. */
  says(text: string, deadlineMs?: number): Promise<void>
}

export interface DaemonStartOptions {
  readonly sets?: readonly string[]
  /** More of the command line, such as `--no-push`. */
  readonly args?: readonly string[]
  /** What starts the program, such as `setpriv` with its options. */
  readonly by?: readonly string[]
  /** Another installation's. */
  readonly program?: string
}

const readyMs = 40_000

/** A daemon of the built program in the foreground. Resolves when it says that it watches. */
export async function startDaemon(workspace: Workspace, options: DaemonStartOptions = {}): Promise<DaemonProcess> {
  const daemon = launchDaemon(workspace, { ...options, args: ['-v', ...(options.args ?? [])] })
  const isDone = (): boolean => daemon.hasEnded() || daemon.out().includes(' watching ')
  await until('the daemon watches', isDone, readyMs)
  if (daemon.hasEnded()) throw new Error(`the daemon ended at its start: ${daemon.out()}${daemon.err()}`)
  return daemon
}

/** The same without waiting for anything. */
export function launchDaemon(workspace: Workspace, options: DaemonStartOptions = {}): DaemonProcess {
  const sets = [...quickSets, ...(options.sets ?? [])].flatMap((set) => ['--set', set])
  const args = ['start', '--foreground', '-C', workspace.root, ...(options.args ?? []), ...sets]
  const command = [...(options.by ?? []), process.execPath, options.program ?? program, ...args]
  const child = startChild(workspace.test, command, { cwd: workspace.root, env: workspace.env })
  const all = (): string => child.out() + child.err()
  workspace.test.onTestFailed?.(() => console.log(`the daemon of ${workspace.root} said:\n${all()}`))
  return {
    ...child,
    status: () => readStatus(workspace),
    async stop() {
      child.kill('SIGTERM')
      return child.ended
    },
    async kill9() {
      child.kill('SIGKILL')
      await child.ended
    },
    async says(text, deadlineMs = 10_000) {
      try {
        await until(`the daemon says ${text}`, () => all().includes(text), deadlineMs)
      } catch (error) {
        throw new Error(`${String(error)}; it said:\n${all()}`, { cause: error })
      }
    },
  }
}

function readStatus(workspace: Workspace): StatusFile | null {
  try {
    return JSON.parse(readFileSync(join(workspace.stateDir, 'status.json'), 'utf8')) as StatusFile
  } catch {
    return null
  }
}
