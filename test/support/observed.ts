import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { lookAt } from '../../src/platform/platform.ts'
import { pathBytes, type PathBytes, type Writer } from '../../src/types.ts'
import { Observer, type Declaration } from '../../src/witness/witness.ts'
import { FakeMachine, type FakeProcess } from './fake-processes.ts'

/** What a write costs a program beside the file's own bytes. */
const overheadBytes = 36

/** An observer of a real folder on a pretended machine. */
export class Observed {
  readonly machine = new FakeMachine()
  readonly root = mkdtempSync(join(tmpdir(), 'observed-'))
  readonly ended: string[] = []
  readonly news: PathBytes[] = []
  readonly observer: Observer
  /** Of the configuration. */
  patterns = { autonomous: ['claude-autonomous'], agent: ['my-agent'] }

  constructor(
    options: {
      readonly declared?: readonly Declaration[]
      readonly before?: (machine: FakeMachine) => void
      readonly isTreeKnown?: () => boolean
    } = {},
  ) {
    onTestFinished(() => {
      this.observer.close()
      rmSync(this.root, { recursive: true, force: true })
    })
    this.machine.spawn(1)
    this.machine.spawn(2_000, { executable: '/usr/bin/node' })
    options.before?.(this.machine)
    this.observer = new Observer({
      root: this.root,
      clock: this.machine.clock,
      table: this.machine.table,
      ownPid: 2_000,
      patterns: () => this.patterns,
      declared: options.declared ?? [],
      isTreeKnown: options.isTreeKnown ?? (() => true),
      onEnded: ({ name }) => void this.ended.push(name),
      onNews: (paths) => void this.news.push(...paths),
    })
    // The roll is called, and everybody is looked at once.
    this.machine.advance(3_000)
  }

  /** It writes the whole file, and the system tells of it. */
  write(by: FakeProcess, path: string, text: string): void {
    this.#put(path, text)
    by.written += Buffer.byteLength(text) + overheadBytes
    this.observer.noticed(pathBytes(path))
  }

  /** A file with content from long ago takes the place. */
  moveIn(path: string, text: string): void {
    this.#put('.elsewhere', text)
    const oldS = this.machine.nowMs / 1_000 - 3_600
    utimesSync(join(this.root, '.elsewhere'), oldS, oldS)
    renameSync(join(this.root, '.elsewhere'), join(this.root, path))
    this.observer.noticed(pathBytes(path))
  }

  /** What lies there, whole. */
  committed(path: string): void {
    this.observer.authors.dealt(pathBytes(path), lookAt(join(this.root, path))?.fingerprint ?? null)
  }

  /** Who wrote what lies there, when there was time to find out. */
  who(path: string, waitMs = 600): Writer | null {
    this.machine.advance(waitMs)
    const entry = lookAt(join(this.root, path))
    const atMs = entry?.changedAtMs ?? 0
    return this.observer.authors.answer({ path: pathBytes(path), entry, fromMs: atMs, toMs: atMs })
  }

  /** For short. */
  name(path: string): string {
    const writer = this.who(path)
    return writer === null ? 'unknown' : `${writer.kind} ${writer.name} ${writer.tier}`
  }

  #put(path: string, text: string): void {
    const file = join(this.root, path)
    writeFileSync(file, text)
    const atS = this.machine.clock.nowMs() / 1_000
    utimesSync(file, atS, atS)
  }
}
