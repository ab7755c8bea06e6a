import type { RuleAction } from '../types.ts'
import type { Values } from './schema.ts'

/** The settings in force. What each is for stands in the table of `schema.ts`, its default in `config/default.json`. */
export interface Config {
  readonly remote: string
  /** null: the branch checked out at the daemon's first start. */
  readonly branches: readonly string[] | null
  /** Names of built-in rule sets; null: all. */
  readonly filters: readonly string[] | null
  readonly rules: { readonly default: RuleAction }
  readonly debounce: {
    readonly immediateMs: number
    readonly codeMs: number
    readonly defaultMs: number
    readonly maxWaitMs: number
  }
  /** Lower case, without a dot: what follows the last dot of a base name, or a whole base name without one. */
  readonly classes: { readonly code: readonly string[] }
  readonly watcher: 'auto' | 'inotify' | 'parcel'
  readonly reconcile: { readonly intervalMs: number }
  readonly engine: 'auto' | 'native' | 'embedded'
  readonly content: { readonly volatileKeys: readonly string[] }
  /** Sources of regular expressions, flag u, for the whole name of a program. */
  readonly writers: { readonly autonomous: readonly string[]; readonly agent: readonly string[] }
  readonly commit: { readonly message: string; readonly hostName: boolean }
  readonly limits: {
    readonly mode: 'gather' | 'strict'
    readonly commitsPerHour: number
    readonly commitsPerDay: number
    readonly cooldownMs: number
    readonly gatherMs: number
    readonly gatherPastDayMs: number
  }
  /** At least one delay. */
  readonly retry: { readonly delaysMs: readonly number[]; readonly maxMs: number }
  readonly push: {
    readonly enabled: boolean
    readonly minIntervalMs: number
    readonly userCommits: boolean
    readonly skipCi: boolean
  }
  readonly pull: { readonly enabled: boolean; readonly intervalMs: number; readonly mode: 'merge' | 'rebase' }
  readonly hooks: { readonly preCommit: 'skip' | 'run' }
  readonly guard: {
    readonly maxFileSizeBytes: number
    readonly maxCommitSizeBytes: number
    readonly massDeletionFiles: number
    /** 0 to 1. */
    readonly massDeletionShare: number
  }
  readonly health: { readonly minFreeDiskBytes: number; readonly fsckMs: number }
  readonly journal: { readonly keepMs: number }
  readonly log: { readonly maxSizeBytes: number }
  readonly notify: { readonly desktop: boolean }
}

export function configOf(values: Values): Config {
  return {
    remote: values.remote,
    branches: values.branches === 'first-start' ? null : values.branches,
    filters: values.filters === 'all' ? null : values.filters,
    rules: { default: values['rules.default'] },
    debounce: {
      immediateMs: values['debounce.immediate'],
      codeMs: values['debounce.code'],
      defaultMs: values['debounce.default'],
      maxWaitMs: values['debounce.maxWait'],
    },
    classes: { code: values['classes.code'] },
    watcher: values.watcher,
    reconcile: { intervalMs: values['reconcile.interval'] },
    engine: values.engine,
    content: { volatileKeys: values['content.volatileKeys'] },
    writers: { autonomous: values['writers.autonomous'], agent: values['writers.agent'] },
    commit: { message: values['commit.message'], hostName: values['commit.hostName'] },
    limits: {
      mode: values['limits.mode'],
      commitsPerHour: values['limits.commitsPerHour'],
      commitsPerDay: values['limits.commitsPerDay'],
      cooldownMs: values['limits.cooldown'],
      gatherMs: values['limits.gather'],
      gatherPastDayMs: values['limits.gatherPastDay'],
    },
    retry: { delaysMs: values['retry.delays'], maxMs: values['retry.max'] },
    push: {
      enabled: values['push.enabled'],
      minIntervalMs: values['push.minInterval'],
      userCommits: values['push.userCommits'],
      skipCi: values['push.skipCi'],
    },
    pull: { enabled: values['pull.enabled'], intervalMs: values['pull.interval'], mode: values['pull.mode'] },
    hooks: { preCommit: values['hooks.preCommit'] },
    guard: {
      maxFileSizeBytes: values['guard.maxFileSize'],
      maxCommitSizeBytes: values['guard.maxCommitSize'],
      massDeletionFiles: values['guard.massDeletionFiles'],
      massDeletionShare: values['guard.massDeletionShare'],
    },
    health: { minFreeDiskBytes: values['health.minFreeDisk'], fsckMs: values['health.fsck'] },
    journal: { keepMs: values['journal.keep'] },
    log: { maxSizeBytes: values['log.maxSize'] },
    notify: { desktop: values['notify.desktop'] },
  }
}
