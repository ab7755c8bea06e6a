/** Hints where to look. What changed is decided elsewhere, by looking. */
import { SyncError } from '../errors.ts'
import { InotifySource } from './inotify.ts'
import { ParcelSource } from './parcel.ts'
import type { EventSource, EventSourceOptions } from './source.ts'

export type { EventBatch, EventSource, EventSourceOptions, WatcherHealth } from './source.ts'
export { createStateWatch, type StateWatch, type StateWatchOptions } from './state-watch.ts'

/** @throws SyncError for `inotify` where there is none: it rests on Linux. */
export function createEventSource(options: EventSourceOptions, platform: string = process.platform): EventSource {
  const { watcher = 'auto' } = options
  if (watcher === 'parcel' || (watcher === 'auto' && platform !== 'linux')) return new ParcelSource(options, platform)
  if (platform === 'linux') return new InotifySource(options)
  throw new SyncError('system', `there is no inotify on ${platform}`, 'set "watcher" to "auto"')
}
