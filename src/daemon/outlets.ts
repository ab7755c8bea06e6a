import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { createJournal } from '../journal/journal.ts'
import { openLog, type Reporter } from '../report/report.ts'
import { Listeners } from './decision-stream.ts'
import { journalFeed } from './journal-feed.ts'
import type { DaemonOptions } from './options.ts'

/** Where all that is told goes. */
export interface Outlets {
  readonly report: Reporter
  readonly listeners: Listeners
  /** Journal and log. */
  closeRecords(): Promise<void>
}

/** A daemon that writes nothing tells its listener alone. @throws the system's error when the log cannot be opened. */
export function createOutlets({ engine, dryRun, clock, listener }: DaemonOptions, config: Config): Outlets {
  const { stateDir } = engine.repository
  const listeners = new Listeners()
  if (dryRun) return { report: (told) => listener?.(told), listeners, closeRecords: async () => {} }
  const { log: logging, journal: keeping } = config
  const log = openLog(join(stateDir, 'daemon.log'), logging.maxSizeBytes, 'info')
  const tell = (text: string): void => report({ kind: 'notice', text })
  const journal = createJournal({ stateDir, clock, keepMs: keeping.keepMs, tell })
  const feed = journalFeed(journal, clock.nowMs)
  const report: Reporter = (told) => {
    log.report(told)
    feed(told)
    listeners.tell(told)
    listener?.(told)
  }
  return {
    report,
    listeners,
    async closeRecords() {
      await journal.close()
      log.close()
    },
  }
}
