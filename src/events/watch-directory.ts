import { watch, type FSWatcher } from 'node:fs'
import { errnoOf } from '../errors.ts'
import { attempt, type Answer } from './attempt.ts'
import { systemPath } from './normalize.ts'

/**
 * @param onNoticed gets the name that an event is about: an entry, or the directory's own base name; null: the system
 * did not say. The kind of event is left out, because libuv calls everything that happens to a directory a rename.
 */
export function watchDirectory(
  path: string,
  onNoticed: (name: string | null) => void,
  onError: (code: string) => void,
): Answer<FSWatcher> {
  return attempt(() => {
    const watcher = watch(systemPath(path), { encoding: 'latin1' }, (_, name) => onNoticed(name))
    watcher.on('error', (error) => onError(errnoOf(error) ?? 'EIO'))
    return watcher
  })
}
