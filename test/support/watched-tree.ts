import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished, test } from 'vitest'
import { createEventSource } from '../../src/events/events.ts'
import type { EventSource, EventSourceOptions } from '../../src/events/events.ts'
import { lookAt, systemClock } from '../../src/platform/platform.ts'
import { pathText } from '../../src/types.ts'
import type { DiskEntry } from '../../src/types.ts'
import { until } from './until.ts'

/** A temporary folder on the real file system with a watcher on it, both gone when the test is over. */
export interface WatchedTree {
  readonly root: string
  readonly source: EventSource
  /** What was told since `forget`, by path as text: the latest entry, null for a deletion. */
  readonly seen: ReadonlyMap<string, DiskEntry | null>
  readonly rescans: readonly string[]
  /** false: after a rescan more is told than happened, since the test then looks at everything as the daemon does. */
  readonly tellsExactly: boolean
  /** Absolute path. */
  at(path: string): string
  write(path: string, text?: string): void
  forget(): void
  /** Waits until each path was told: as present, or absent with `'gone'`. */
  expectPresent(...paths: string[]): Promise<void>
  expectGone(...paths: string[]): Promise<void>
  /** Everything that happened until now was told when it resolves. */
  settle(): Promise<void>
  /** Appends to each file, and waits until exactly that was told. */
  expectEditsSeen(...paths: string[]): Promise<void>
}

export type WatchTree = typeof watchTree

/** The watcher process that `npm run build` has made: Node 20 runs no TypeScript. */
export const parcelChild = fileURLToPath(new URL('../../dist/events/parcel-child.js', import.meta.url))

/** A situation that both watchers must master. */
export function withEachWatcher(situation: string, run: (watch: WatchTree) => Promise<void>): void {
  test(situation, () => run(watchTree))
  test(`${situation} (parcel)`, () =>
    run((files, options) => watchTree(files, { watcher: 'parcel', parcelChild, ...options })))
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function watchTree(
  files: readonly string[] = [],
  options: Partial<EventSourceOptions> = {},
): Promise<WatchedTree> {
  const root = options.root ?? join(temporaryFolder(), 'workspace')
  mkdirSync(root, { recursive: true })
  const seen = new Map<string, DiskEntry | null>()
  const rescans: string[] = []
  const tellsExactly = options.watcher !== 'parcel'
  const source = createEventSource({
    root,
    clock: systemClock,
    skip: () => false,
    onReady: () => {
      const batch = source.take()
      for (const event of batch.events) seen.set(pathText(event.path), event.entry)
      if (batch.rescan === null) return
      rescans.push(batch.rescan)
      if (!tellsExactly) lookAtAll(root, seen)
    },
    ...options,
  })
  onTestFinished(() => source.close())
  const tree: WatchedTree = {
    root,
    source,
    seen,
    rescans,
    tellsExactly,
    at: (path) => join(root, path),
    write(path, text = 'text') {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    },
    forget() {
      seen.clear()
      rescans.length = 0
    },
    async expectPresent(...paths) {
      const missing = () => paths.filter((path) => (seen.get(path) ?? null) === null)
      await until(`present: ${paths.join(' ')}`, () => missing().length === 0, 10_000)
    },
    async expectGone(...paths) {
      await until(`gone: ${paths.join(' ')}`, () => paths.every((path) => seen.get(path) === null), 10_000)
    },
    async settle() {
      // Events come in order and directories are served in order; the second time covers what the first led to.
      for (const name of ['.settle-1', '.settle-2']) {
        tree.write(name)
        await tree.expectPresent(name)
        rmSync(join(root, name))
        await tree.expectGone(name)
        seen.delete(name)
      }
    },
    async expectEditsSeen(...paths) {
      await tree.settle()
      tree.forget()
      for (const path of paths) appendFileSync(join(root, path), 'more')
      const lie = (path: string): boolean => seen.get(path)?.sizeBytes === statSync(join(root, path)).size
      await until(`edits told: ${paths.join(' ')}`, () => paths.every(lie), 10_000)
    },
  }
  for (const file of files) tree.write(file)
  await source.start()
  return tree
}

/** As the daemon does when a rescan is wanted. */
function lookAtAll(root: string, seen: Map<string, DiskEntry | null>): void {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
  for (const path of new Set([...seen.keys(), ...found])) seen.set(path, lookAt(join(root, path)))
}
