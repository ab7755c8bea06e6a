/** Hints where to look. What changed is decided elsewhere, by looking. */
import { SyncError } from '../errors.ts'
import { InotifySource } from './inotify.ts'
import type { EventSource, EventSourceOptions } from './source.ts'

export type { EventBatch, EventSource, EventSourceOptions, WatcherHealth } from './source.ts'
export { createStateWatch, type StateWatch, type StateWatchOptions } from './state-watch.ts'

/** @throws SyncError where directories cannot be watched one by one: the watcher rests on Linux's inotify. */
export function createEventSource(options: EventSourceOptions, platform: string = process.platform): EventSource {
  if (platform === 'linux') return new InotifySource(options)
  throw new SyncError('system', `no watcher for ${platform}`, 'run it on Linux (a container or WSL 2 will do)')
}
