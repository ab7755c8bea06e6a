import type { PathBytes } from '../../src/types.ts'
import type { World } from './world.ts'

/** A write that somebody meant. */
export interface Edit {
  readonly path: PathBytes
  readonly serial: number
  readonly atMs: number
  /** Noticed, and seen to be a person's or allowed by a rule: nothing but the budget may delay it. */
  readonly sure: boolean
  /** When the remote had it, or something newer. */
  doneAtMs: number | null
}

/** Follows what people meant on its way to the remote. */
export class Edits {
  readonly all: Edit[] = []
  private readonly open = new Map<PathBytes, Edit[]>()
  private readonly paths = new Set<PathBytes>()
  private pushedBefore = 0

  has(path: PathBytes): boolean {
    return this.paths.has(path)
  }

  /** `serial` 0: deleted. */
  add(world: World, made: Omit<Edit, 'doneAtMs'>): void {
    const { path, serial, atMs } = made
    const waiting = this.open.get(path) ?? []
    this.paths.add(path)
    if (serial === 0 && !world.head.has(path)) {
      // Made and deleted before any commit: there is nothing to be on the remote.
      for (const edit of waiting) edit.doneAtMs = atMs
      this.open.delete(path)
      return
    }
    const edit = { ...made, doneAtMs: null }
    this.all.push(edit)
    this.open.set(path, [...waiting, edit])
  }

  pushed(world: World, nowMs: number): void {
    for (const { entries, atMs } of world.commits.slice(this.pushedBefore)) {
      for (const [path, version] of entries) {
        const left = (this.open.get(path) ?? []).filter((edit) => {
          const done = version === null ? edit.atMs <= atMs : edit.serial <= version.serial
          if (done) edit.doneAtMs = nowMs
          return !done
        })
        this.open.set(path, left)
      }
    }
    this.pushedBefore = world.pushed
  }
}
