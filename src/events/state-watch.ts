import type { Clock } from '../platform/platform.ts'
import { identify } from './disk.ts'
import { watchDirectory } from './watch-directory.ts'
import { processDrain } from './drain.ts'

export interface StateWatchOptions {
  /** Absolute directories, each watched without what lies below: the git directory, its `refs/heads`. */
  readonly directories: readonly string[]
  /** More of them, asked for again at every change. */
  readonly more?: () => readonly string[]
  readonly clock: Clock
  /** How long changes gather before they are told, milliseconds. */
  readonly gatherMs: number
  /** Base names of what changed, at most 64 of them; lock files are left out. */
  readonly onChange: (names: readonly string[]) => void
}

export interface StateWatch {
  /** Those of the directories that are not watched now; tried again at the next change. */
  missing(): readonly string[]
  close(): void
}

/** Names kept for one call of `onChange`. Beyond it they are dropped; that something changed is told all the same. */
const namesMax = 64

interface Watched {
  readonly watcher: { close(): void }
  readonly identity: string
}

/** Tells that something in the given directories changed, and no more: whoever is told reads what it needs. */
export function createStateWatch(options: StateWatchOptions): StateWatch {
  return new GitStateWatch(options)
}

class GitStateWatch implements StateWatch {
  readonly #options: StateWatchOptions
  readonly #drain = processDrain()
  readonly #watched = new Map<string, Watched>()
  readonly #stopListening: () => void
  #names = new Set<string>()
  #cancelTell: (() => void) | null = null
  #closed = false

  constructor(options: StateWatchOptions) {
    this.#options = options
    this.#stopListening = this.#drain.listen(() => this.#gather(null))
    this.#watchAll()
  }

  missing(): readonly string[] {
    return this.#wanted().filter((directory) => !this.#watched.has(directory))
  }

  close(): void {
    this.#closed = true
    this.#stopListening()
    this.#cancelTell?.()
    for (const directory of this.#watched.keys()) this.#unwatch(directory)
  }

  #gather(name: string | null): void {
    if (this.#closed || name?.endsWith('.lock') === true) return
    if (name !== null && this.#names.size < namesMax) this.#names.add(name)
    this.#cancelTell ??= this.#options.clock.after(this.#options.gatherMs, () => this.#tell())
  }

  #tell(): void {
    this.#cancelTell = null
    const names = [...this.#names]
    this.#names = new Set()
    // Before telling: what changes from here on is noticed again.
    this.#watchAll()
    this.#options.onChange(names)
  }

  #wanted(): readonly string[] {
    const { directories, more } = this.#options
    return [...directories, ...(more?.() ?? [])]
  }

  /** A directory that was removed and made again needs a new watch. */
  #watchAll(): void {
    const wanted = this.#wanted()
    for (const directory of this.#watched.keys()) if (!wanted.includes(directory)) this.#unwatch(directory)
    for (const directory of wanted) {
      const path = Buffer.from(directory, 'utf8').toString('latin1')
      const before = this.#watched.get(directory)
      const identity = identify(path)
      if (before !== undefined && 'ok' in identity && identity.ok === before.identity) continue
      this.#unwatch(directory)
      const answer = watchDirectory(
        path,
        (name) => {
          this.#drain.count()
          this.#gather(name)
        },
        () => this.#unwatch(directory),
      )
      if ('ok' in answer)
        this.#watched.set(directory, { watcher: answer.ok, identity: 'ok' in identity ? identity.ok : '' })
    }
  }

  #unwatch(directory: string): void {
    this.#watched.get(directory)?.watcher.close()
    this.#watched.delete(directory)
  }
}
