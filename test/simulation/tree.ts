import type { PathBytes } from '../../src/types.ts'
import type { Version } from './world.ts'

/** Versions by path, in the order in which the paths came to be. */
export class Tree {
  private readonly placed = new Map<PathBytes, { readonly version: Version; readonly place: number }>()
  private places = 0

  get size(): number {
    return this.placed.size
  }

  has(path: PathBytes): boolean {
    return this.placed.has(path)
  }

  get(path: PathBytes): Version | undefined {
    return this.placed.get(path)?.version
  }

  /** A path keeps its place until it is removed. */
  set(path: PathBytes, version: Version | null): void {
    if (version === null) this.placed.delete(path)
    else this.placed.set(path, { version, place: this.placeOf(path) ?? this.places++ })
  }

  /** Its rank in the order; undefined: it is not there. */
  placeOf(path: PathBytes): number | undefined {
    return this.placed.get(path)?.place
  }
}
