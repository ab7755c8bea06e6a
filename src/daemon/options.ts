import type { ConfigInput } from '../config/config.ts'
import type { GitEngine } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import type { Reporter } from '../report/report.ts'
import type { StartedWith } from './state-schema.ts'

export interface DaemonOptions {
  readonly engine: GitEngine
  /** Where rules and settings are read from, at the start and again whenever they change. */
  readonly config: ConfigInput
  readonly version: string
  /** Decides and tells, writes nothing. */
  readonly dryRun: boolean
  /** False: looks once at the tree and hears of nothing afterwards. */
  readonly watch: boolean
  /** False: no push, whatever the settings say. */
  readonly pushAllowed: boolean
  /** For `restart`. */
  readonly startedWith: StartedWith
  /** Told every report beside the log: the terminal of a daemon in the foreground. */
  readonly listener: Reporter | null
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly temporaryDir: string
  readonly clock: Clock
}
