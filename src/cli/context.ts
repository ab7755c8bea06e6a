import type { Clock } from '../platform/platform.ts'

/** Everything a command may touch of the process it runs in. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  /** Standard output is a terminal. */
  readonly interactive: boolean
  /** Of the terminal, now; null where there is none. */
  readonly size?: () => { readonly columns: number; readonly rows: number } | null
  readonly clock: Clock
  /** Of this program. */
  readonly version: string
  out(text: string): void
  err(text: string): void
  /** The reader of standard output has gone. */
  isOutputClosed(): boolean
}

/** The common options, read; what every command gets. */
export interface Context extends World {
  /** Absolute; `-C`, or the current directory. */
  readonly directory: string
  /** `-C` was given. */
  readonly isNamed: boolean
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean
  /** The `key=value` texts of `--set`. */
  readonly sets: readonly string[]
  /** What was asked for: the value with `--json`, else the text (a final newline is added), unless `-q`. */
  answer(value: unknown, text: string): void
  /** A line on standard error, unless `-q`. */
  warn(text: string): void
}

/** Own options and arguments of the command, as commander read them. */
export interface Given {
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

/** Resolves with the exit code. @throws SyncError for what the user can mend. */
export type Body = (context: Context, given: Given) => Promise<number>

/** Makes commander's action of a body: `.action(run(async (context) => 0))`. */
export type Run = (body: Body) => (...parameters: unknown[]) => Promise<void>
