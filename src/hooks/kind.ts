/** Where hooks of git lie, as git says. All absolute. */
export interface HookPlace {
  /** In force: `core.hooksPath` heeded. */
  readonly directory: string
  /** The repository's own. */
  readonly ownDirectory: string
  readonly root: string
  readonly commonDir: string
}

export interface InstallInput {
  readonly place: HookPlace
  readonly node: string
  readonly program: string
  /** Also into a folder that `core.hooksPath` names: part of the work tree, or shared with other repositories. */
  readonly anywhere: boolean
}

export type Installed = {
  readonly outcome: 'installed' | 'updated' | 'unchanged' | 'edited'
  readonly path: string
  /** The hook that was there and is run first; null: none. */
  readonly chained: string | null
}

export interface Removed {
  readonly outcome: 'removed' | 'absent' | 'replaced'
  readonly path: string
  /** Kept because they hold work of somebody: an edited wrapper, a hook that has no place to go back to. */
  readonly kept: readonly string[]
}

export interface HookLook {
  readonly outcome: 'absent' | 'installed' | 'outdated' | 'edited' | 'replaced'
  readonly path: string
}

/** One thing that can be installed; an agent's hooks are another file like `pre-push.ts`. */
export interface HookKind {
  readonly name: string
  /** @throws SyncError for a place that must not be written. */
  install(input: InstallInput): Installed
  /** Every place where it may lie. @throws the system's error. */
  remove(place: HookPlace): readonly Removed[]
  look(input: Omit<InstallInput, 'anywhere'>): HookLook
}
