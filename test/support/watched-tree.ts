import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createEventSource } from '../../src/events/events.ts'
import type { EventSource, EventSourceOptions } from '../../src/events/events.ts'
import { systemClock } from '../../src/platform/platform.ts'
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
  const source = createEventSource({
    root,
    clock: systemClock,
    skip: () => false,
    onReady: () => {
      const batch = source.take()
      for (const event of batch.events) seen.set(pathText(event.path), event.entry)
      if (batch.rescan !== null) rescans.push(batch.rescan)
    },
    ...options,
  })
  onTestFinished(() => source.close())
  const tree: WatchedTree = {
    root,
    source,
    seen,
    rescans,
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
      await until(`present: ${paths.join(' ')}`, () => missing().length === 0)
    },
    async expectGone(...paths) {
      await until(`gone: ${paths.join(' ')}`, () => paths.every((path) => seen.get(path) === null))
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
      await tree.expectPresent(...paths)
    },
  }
  for (const file of files) tree.write(file)
  await source.start()
  return tree
}
