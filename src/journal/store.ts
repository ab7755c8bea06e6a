import { closeSync, openSync, rmSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import type { Oid, PathBytes } from '../types.ts'
import { fileAt, openDatabase, type Database } from './database.ts'
import { faultOf, type Fault } from './faults.ts'
import { lookOf, type Looked } from './look.ts'
import { fold, foldOutcome, type DecisionRecord, type JournalRecord, type OutcomeRecord } from './records.ts'
import { decisionCells, rowOf } from './rows.ts'
import { columns, insertions, schema, schemaVersion, type Cell } from './tables.ts'

/** Rows kept of each table, with their indexes about 40 MB; the oldest blocks give way first. */
const rowsMax: Rows = { decision: 100_000, commits: 20_000, outcome: 20_000 }
/** Decisions kept about one path. */
const rowsOfPathMax = 100
/** The file never grows beyond this, in pages of 4 KB; rows give way from the share below on, a tenth at once. */
const pagesMax = 16_384
const crowdedShare = 0.9
const crowdedRowsShare = 0.1
/** What SQLite keeps of its log file once it is empty. */
const logBytesMax = 4 * 1024 * 1024
/** Last decisions that need not be read again to be compared with the next; about 2 MB. */
const rememberedMax = 5_000
/** Rows deleted at once: a few milliseconds. */
const prunedAtOnce = 1_000

/** `journal.db`, open for writing. A call that throws has changed nothing. */
export interface Store {
  /** In one transaction. @throws the driver's error. */
  write(records: readonly JournalRecord[]): void
  /** Deletes some of what is too old or too much. @returns whether there is more. @throws the driver's error. */
  prune(beforeMs: number): boolean
  /** Also makes the files fit to be closed. */
  look(): Looked
  close(): void
}

/** The file and what SQLite keeps beside it. */
export const journalFiles = (path: string): readonly string[] => [path, `${path}-wal`, `${path}-shm`]

interface Limits {
  readonly rows: Rows
  readonly pages: number
}

type Rows = Readonly<Record<'decision' | 'commits' | 'outcome', number>>

/**
 * @param rows how many of each table are kept
 * @param pages how large the file may become
 */
export async function openStore(path: string, rows: Rows = rowsMax, pages = pagesMax): Promise<Store | Fault> {
  try {
    if (fileAt(path) === null) makeFile(path)
    const database = openDatabase(path, 'write', 0)
    const version = prepare(database, pages)
    if (version > schemaVersion) {
      database.close()
      return 'newer'
    }
    return storeOf(database, lookOf(path), { rows, pages })
  } catch (error) {
    return faultOf(error)
  }
}

/** SQLite makes its other files with the mode of this one. The log of a file that is gone belongs to nothing. */
function makeFile(path: string): void {
  for (const file of journalFiles(path)) rmSync(file, { force: true })
  closeSync(openSync(path, 'a', 0o600))
}

/** @returns the version of the tables, which are made when there are none. */
function prepare(database: Database, pages: number): number {
  const version = versionOf(database)
  if (version > schemaVersion) return version
  // With a log beside it a reader never waits for us nor we for it, and a kill at any point loses a moment at most.
  // Where shared memory cannot be had, as on some network disks, SQLite stays with its older way.
  database.statement('pragma journal_mode = wal').row()
  database.statement('pragma synchronous = normal').row()
  database.statement(`pragma max_page_count = ${pages}`).row()
  database.statement(`pragma journal_size_limit = ${logBytesMax}`).row()
  if (version === 0) database.execute(`begin immediate; ${schema} commit`)
  return schemaVersion
}

export function versionOf(database: Database): number {
  const row = database.statement('pragma user_version').row()
  const value = typeof row === 'object' && row !== null && 'user_version' in row ? row.user_version : null
  return typeof value === 'number' ? value : 0
}

function storeOf(database: Database, look: () => Looked, limits: Limits): Store {
  const last = lastDecisions(database)
  const write = writerOf(database, last)
  const inTransaction = (work: () => void): void => {
    database.execute('begin immediate')
    try {
      work()
      database.execute('commit')
    } catch (error) {
      last.forgetAll()
      rollBack(database)
      throw error
    }
  }
  const pruned = (beforeMs: number): boolean => {
    let isMore = false
    inTransaction(() => (isMore = prune(database, beforeMs, limits)))
    last.forgetAll()
    return isMore
  }
  return {
    look,
    write(records) {
      try {
        inTransaction(() => records.forEach(write))
      } catch (error) {
        if (!isFull(error) || !isCrowded(database, limits)) throw error
        // Not the disk is full but the file as large as it may become.
        pruned(-Infinity)
        inTransaction(() => records.forEach(write))
      }
    },
    prune: pruned,
    close() {
      try {
        database.statement('pragma wal_checkpoint(truncate)').row()
      } finally {
        database.close()
      }
    },
  }
}

/** After some failures SQLite has rolled back by itself. */
function rollBack(database: Database): void {
  try {
    database.execute('rollback')
  } catch {
    // Nothing was open any more, which is what was wanted.
  }
}

interface Stored<T> {
  readonly id: number
  readonly record: T
}

function writerOf(database: Database, last: LastDecisions): (record: JournalRecord) => void {
  const insert = database.statement(insertions.decision)
  const replace = database.statement(insertions.replaced)
  const remove = database.statement('delete from decision where id = ?')
  const tooMany = database.statement(
    'delete from decision where id in ' +
      `(select id from decision where path = ? order by id desc limit -1 offset ${rowsOfPathMax})`,
  )
  const insertCommit = database.statement(insertions.commit)
  const lastOutcome = database.statement(`select ${columns.outcome} from outcome order by id desc limit 1`)
  const insertOutcome = database.statement(insertions.outcome)
  const replaceOutcome = database.statement('update outcome set since = ?, at = ?, count = ? where id = ?')

  const change = (id: number, record: DecisionRecord): void => {
    replace.run(...decisionCells(record), id)
    last.remember({ id, record })
  }
  const decide = (record: DecisionRecord): void => {
    const stored = last.of(record.path)
    const folding = fold(stored?.record ?? null, record)
    if (folding === 'skip') return
    if (folding === 'drop-last' && stored !== null) {
      remove.run(stored.id)
      last.forget(record.path)
      return decide(record)
    }
    if (typeof folding === 'object' && stored !== null) return change(stored.id, folding.instead)
    last.remember({ id: insert.run(...decisionCells(record)).rowId, record })
    if (stored !== null) tooMany.run(Buffer.from(record.path, 'latin1'))
  }
  const link = (path: PathBytes, oid: Oid): void => {
    const stored = last.of(path)
    if (stored === null || stored.record.verdict !== 'sync' || stored.record.commit !== null) return
    change(stored.id, { ...stored.record, commit: oid })
  }
  const happen = (record: OutcomeRecord): void => {
    const row = lastOutcome.row()
    const stored = row === undefined ? null : rowOf.outcome(row)
    const folded = stored === null ? null : foldOutcome(stored.record, record)
    const { what, name, oid, sinceMs, atMs, count } = folded ?? record
    if (folded === null || stored === null) insertOutcome.run(what, name, oid, sinceMs, atMs, count)
    else replaceOutcome.run(sinceMs, atMs, count, stored.id)
  }
  return (record) => {
    switch (record.kind) {
      case 'decision':
        return decide(record)
      case 'link':
        return link(record.path, record.oid)
      case 'outcome':
        return happen(record)
      case 'commit': {
        const { oid, id, atMs, trigger, writer, pathCount, tookMs } = record
        insertCommit.run(oid, id, atMs, trigger, writer, pathCount, tookMs)
      }
    }
  }
}

/** The last decision about a path, from memory or the file. What a failed transaction wrote must be forgotten. */
interface LastDecisions {
  of(path: PathBytes): Stored<DecisionRecord> | null
  remember(stored: Stored<DecisionRecord>): void
  forget(path: PathBytes): void
  forgetAll(): void
}

function lastDecisions(database: Database): LastDecisions {
  const read = database.statement(`select ${columns.decision} from decision where path = ? order by id desc limit 1`)
  const known = new LRUCache<PathBytes, Stored<DecisionRecord>>({ max: rememberedMax })
  return {
    of(path) {
      const remembered = known.get(path)
      if (remembered !== undefined) return remembered
      const row = read.row(Buffer.from(path, 'latin1'))
      return row === undefined ? null : rowOf.decision(row)
    },
    remember: (stored) => void known.set(stored.record.path, stored),
    forget: (path) => void known.delete(path),
    forgetAll: () => known.clear(),
  }
}

/** What people ask about longest goes last: blocks before holds, holds before what was synced. */
const pruneOrder = ['block', 'hold', 'sync'] as const

function prune(database: Database, beforeMs: number, limits: Limits): boolean {
  const { rows } = limits
  let isMore = false
  const remove = (sql: string, ...cells: readonly Cell[]): number => {
    const removed = database.statement(sql).run(...cells).changes
    isMore ||= removed === prunedAtOnce
    return removed
  }
  const oldest = (table: string, where: string, limit: number): string =>
    `delete from ${table} where rowid in (select rowid from ${table} where ${where} order by at limit ${limit})`
  for (const verdict of pruneOrder) {
    remove(oldest('decision', 'verdict = ? and at < ?', prunedAtOnce), verdict, beforeMs)
  }
  for (const table of ['commits', 'outcome'] as const) {
    remove(oldest(table, 'at < ?', prunedAtOnce), beforeMs)
    const excess = Math.min(prunedAtOnce, countOf(database, table) - rows[table])
    if (excess > 0) remove(oldest(table, 'true', excess))
  }
  const count = countOf(database, 'decision')
  const tooMany = isCrowded(database, limits) ? Math.ceil(crowdedRowsShare * count) : count - rows.decision
  let excess = Math.min(prunedAtOnce, tooMany)
  for (const verdict of pruneOrder) {
    if (excess > 0) excess -= remove(oldest('decision', 'verdict = ?', excess), verdict)
  }
  return isMore
}

/** Of what the file may become, pages that hold nothing any more not counted. */
function isCrowded(database: Database, { pages }: Limits): boolean {
  const used = numberOf(database, 'page_count') - numberOf(database, 'freelist_count')
  return used > crowdedShare * pages
}

function numberOf(database: Database, pragma: 'page_count' | 'freelist_count'): number {
  const row = database.statement(`pragma ${pragma}`).row()
  return typeof row === 'object' && row !== null && pragma in row ? Number((row as Record<string, unknown>)[pragma]) : 0
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL'
}

function countOf(database: Database, table: string): number {
  const row = database.statement(`select count(*) as count from ${table}`).row()
  return typeof row === 'object' && row !== null && 'count' in row ? Number(row.count) : 0
}
