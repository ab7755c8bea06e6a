/**
 * Who answers each commit with a file that never was before is a loop like any other, but no pattern of its names may
 * show it: words, letters drawn at random, numbered folders. So where new files appear is counted in coarser terms, and
 * only what comes right after a commit that took such a file.
 */
import type { PathBytes } from '../types.ts'

interface Place {
  readonly hits: number
  /** Of new files here; null: none yet, or what came after it was counted. */
  readonly commitMs: number | null
  readonly lastMs: number
}

export interface NewNamesOptions {
  readonly hitWithinMs: number
  readonly lateMs: number
  readonly forgetAfterMs: number
  readonly newNamesHits: number
}

/** Places, and new files that no commit has taken yet; the longest untouched is forgotten first. */
const knownMax = 5_000

export class NewNames {
  readonly #places = new Map<string, Place>()
  readonly #waiting = new Set<PathBytes>()
  readonly #options: NewNamesOptions

  constructor(options: NewNamesOptions) {
    this.#options = options
  }

  /** HEAD has no file at the path. */
  wrote(path: PathBytes, atMs: number): void {
    this.#waiting.delete(path)
    this.#waiting.add(path)
    const [oldest] = this.#waiting
    if (this.#waiting.size > knownMax && oldest !== undefined) this.#waiting.delete(oldest)
    for (const key of placesOf(path)) {
      const place = this.#find(key, atMs)
      if (place === null || place.commitMs === null) continue
      const afterMs = atMs - place.commitMs
      const isHit = afterMs >= -this.#options.lateMs && afterMs <= this.#options.hitWithinMs
      this.#put(key, { hits: Math.max(0, place.hits + (isHit ? 1 : -1)), commitMs: null, lastMs: atMs })
    }
  }

  /** @returns the places where so many new files answered that it is no chance, the narrowest of each path. */
  committed(paths: readonly PathBytes[], atMs: number): readonly (readonly [key: string, path: PathBytes])[] {
    const proven = new Map<string, PathBytes>()
    const counted = new Set<string>()
    for (const path of paths) {
      if (!this.#waiting.delete(path)) continue
      for (const key of placesOf(path)) {
        if (counted.has(key)) continue
        counted.add(key)
        const place = this.#find(key, atMs)
        this.#put(key, { hits: place?.hits ?? 0, commitMs: atMs, lastMs: atMs })
      }
      const found = placesOf(path).find((key) => (this.#places.get(key)?.hits ?? 0) >= this.#options.newNamesHits)
      if (found !== undefined) proven.set(found, path)
    }
    for (const path of proven.values()) this.forget(path)
    return [...proven]
  }

  /** Somebody is known to have written it, or says that it is none. */
  forget(path: PathBytes): void {
    for (const key of placesOf(path)) this.#places.delete(key)
  }

  shift(deltaMs: number): void {
    for (const [key, { hits, commitMs, lastMs }] of this.#places) {
      this.#places.set(key, { hits, commitMs: commitMs === null ? null : commitMs + deltaMs, lastMs: lastMs + deltaMs })
    }
  }

  #find(key: string, nowMs: number): Place | null {
    const place = this.#places.get(key)
    if (place === undefined || nowMs - place.lastMs < this.#options.forgetAfterMs) return place ?? null
    this.#places.delete(key)
    return null
  }

  #put(key: string, place: Place): void {
    this.#places.delete(key)
    this.#places.set(key, place)
    const [oldest] = this.#places.keys()
    if (this.#places.size > knownMax && oldest !== undefined) this.#places.delete(oldest)
  }
}

/** What is anything here. `*` alone would be a pattern of names that count up, which leaves words out. */
const any = '?*'

/** From the narrowest: another ending, another name in the folder, another folder for the name, both. */
export function placesOf(path: PathBytes): readonly string[] {
  const nameAt = path.lastIndexOf('/') + 1
  const [folder, name] = [path.slice(0, nameAt), path.slice(nameAt)]
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 ? name.slice(dot) : ''
  const places = [`${folder}${any}${ending}`]
  if (ending !== '') places.unshift(`${folder}${name.slice(0, dot)}.${any}`)
  if (folder === '') return places
  const above = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1)
  return [...places, `${above}${any}/${name}`, `${above}${any}/${any}${ending}`]
}
