/** What the daemon and the process that holds the native watcher say to each other. */

export interface WatchOrder {
  /** Absolute. */
  readonly root: string
  /** Relative to the root; nothing at or below them is watched. */
  readonly ignored: readonly string[]
}

export type ToWatchProcess = { readonly kind: 'watch'; readonly order: WatchOrder } | { readonly kind: 'ping' }

export type FromWatchProcess =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'changed'
      /** Relative to the root, '/' between segments. */
      readonly paths: readonly string[]
      /** Why some may have been missed; null: nothing speaks for it. */
      readonly missed: string | null
    }
  /** It cannot watch, or not any longer, and ends. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'pong' }
