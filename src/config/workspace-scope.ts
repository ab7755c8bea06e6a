/**
 * What a workspace's own file may say about each setting. It may have come with a clone or a pull, so it can never name
 * a command, an address or a path outside, nor weaken what guards the user: such keys it may only tighten, or not set
 * at all. What tightens holds before anybody acknowledged the file; the rest waits for it.
 */
import type { Key, Values } from './schema.ts'

type Tightens<V> = (next: V, current: V) => boolean

type Scope<V> =
  /** Only the user's own configuration, the environment and `--set`. */
  | { readonly kind: 'user'; readonly why: string }
  /** Any value once acknowledged; before that, one that tightens. */
  | { readonly kind: 'free'; readonly tightens: Tightens<V> | null }
  /** A value that tightens, acknowledged or not; any other is told and left out. */
  | { readonly kind: 'tighten'; readonly tightens: Tightens<V> }

type Scopes = { readonly [K in Key]: Scope<Values[K]> }

const free = { kind: 'free', tightens: null } as const
const smaller = { kind: 'tighten', tightens: (next: number, current: number) => next <= current } as const
const larger = { kind: 'tighten', tightens: (next: number, current: number) => next >= current } as const
const off = { kind: 'tighten', tightens: (next: boolean, current: boolean) => !next || current } as const
const ofThisMachine = { kind: 'user', why: 'it is a matter of this machine' } as const
const destination = { kind: 'user', why: 'it says where work is sent to' } as const

const caution = ['BLOCK', 'ANALYZE', 'ALLOW'] as const

const scopes: Scopes = {
  remote: destination,
  branches: destination,
  // One set more is one with ALLOW rules more, one less has BLOCK rules less.
  filters: { kind: 'free', tightens: (next, current) => String(next) === String(current) },
  'rules.default': { kind: 'free', tightens: (next, current) => caution.indexOf(next) <= caution.indexOf(current) },
  'debounce.immediate': free,
  'debounce.code': free,
  'debounce.default': free,
  'debounce.maxWait': free,
  'classes.code': free,
  watcher: ofThisMachine,
  'reconcile.interval': free,
  engine: ofThisMachine,
  // More of them would hide changes: that is a loosening.
  'content.volatileKeys': free,
  'writers.autonomous': { kind: 'user', why: 'it names programs' },
  'writers.agent': { kind: 'user', why: 'it names programs' },
  'commit.message': free,
  'commit.hostName': off,
  'limits.mode': { kind: 'tighten', tightens: (next, current) => next === 'strict' || next === current },
  'limits.commitsPerHour': smaller,
  'limits.commitsPerDay': smaller,
  'limits.cooldown': larger,
  'limits.gather': larger,
  'limits.gatherPastDay': larger,
  'retry.delays': free,
  'retry.max': free,
  'push.enabled': off,
  'push.minInterval': larger,
  'push.userCommits': off,
  'push.skipCi': free,
  'pull.enabled': free,
  'pull.interval': free,
  'pull.mode': free,
  'hooks.preCommit': { kind: 'user', why: 'it decides whether a command is run' },
  'guard.maxFileSize': smaller,
  'guard.maxCommitSize': smaller,
  'guard.massDeletionFiles': smaller,
  'guard.massDeletionShare': smaller,
  'health.minFreeDisk': ofThisMachine,
  'health.fsck': ofThisMachine,
  'journal.keep': ofThisMachine,
  'log.maxSize': ofThisMachine,
  'notify.desktop': ofThisMachine,
}

export type WorkspaceWord =
  | { readonly kind: 'taken' }
  | { readonly kind: 'waits' }
  /** Looser than what is in force without it. */
  | { readonly kind: 'looser' }
  | { readonly kind: 'not-allowed'; readonly why: string }

/**
 * What becomes of a setting in a workspace's file.
 * @param next, current as used (milliseconds, bytes); `current` is what the lower levels say
 * @param isAcknowledged the file was edited here, or somebody acknowledged it
 */
export function workspaceWord(key: Key, next: unknown, current: unknown, isAcknowledged: boolean): WorkspaceWord {
  // Each value has passed the schema of its key, which the type of a table cannot carry through an index.
  const scope = scopes[key] as Scope<unknown>
  if (scope.kind === 'user') return { kind: 'not-allowed', why: scope.why }
  const isTighter = scope.tightens?.(next, current) ?? false
  if (isTighter) return { kind: 'taken' }
  if (scope.kind === 'tighten') return { kind: 'looser' }
  return { kind: isAcknowledged ? 'taken' : 'waits' }
}
