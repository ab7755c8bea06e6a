import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import {
  createJournal,
  readJournal,
  type Journal,
  type JournalReader,
  type Reading,
} from '../../src/journal/journal.ts'
import { systemClock } from '../../src/platform/platform.ts'

export interface JournalPlace {
  readonly stateDir: string
  readonly path: string
  /** What the journals opened here told. */
  readonly told: readonly string[]
  open(keepMs?: number): Journal
  read<T>(ask: (reader: JournalReader) => T): Promise<Reading<T>>
  /** Waits until what is read satisfies `holds`. @throws with what was read last when it never does. */
  until<T>(ask: (reader: JournalReader) => T, holds: (value: T) => boolean): Promise<T>
}

const dayMs = 86_400_000

/** A state directory of its own, with a real database in it once something is recorded. */
export function journalPlace(): JournalPlace {
  const stateDir = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-sync-journal-')))
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }))
  const told: string[] = []
  const read = <T>(ask: (reader: JournalReader) => T): Promise<Reading<T>> => readJournal(stateDir, ask)
  return {
    stateDir,
    path: join(stateDir, 'journal.db'),
    told,
    open: (keepMs = 7 * dayMs) =>
      createJournal({ stateDir, clock: systemClock, keepMs, tell: (text) => void told.push(text) }),
    read,
    async until(ask, holds) {
      for (let triesLeft = 2_000; ; triesLeft--) {
        const reading = await read(ask)
        if (reading.kind === 'read' && holds(reading.value)) return reading.value
        if (triesLeft === 0) throw new Error(`in vain; at last it read ${JSON.stringify(reading)}`)
        await sleep(5)
      }
    },
  }
}
