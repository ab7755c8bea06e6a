import { join } from 'node:path'
import type { Oid, PathBytes } from '../types.ts'
import { fileAt, openDatabase, type Database } from './database.ts'
import { faultOf, type Fault } from './faults.ts'
import type { CommitRecord, DecisionRecord, OutcomeRecord } from './records.ts'
import { rowOf } from './rows.ts'
import { versionOf } from './store.ts'
import { columns, schemaVersion } from './tables.ts'

/** The daemon's own writes take milliseconds; whoever holds it longer is another program. */
const lockedWaitMs = 1_000

/** What is recorded, newest first. Rows that are damaged are left out. */
export interface JournalReader {
  decisions(path: PathBytes, limit: number): readonly DecisionRecord[]
  /** The last decision about each path below a directory ('': everywhere), and how many such paths there are. */
  below(directory: PathBytes, limit: number): { readonly last: readonly DecisionRecord[]; readonly pathCount: number }
  commits(oids: readonly Oid[]): ReadonlyMap<Oid, CommitRecord>
  outcomes(limit: number): readonly OutcomeRecord[]
}

export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  /** Nothing was ever recorded. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'fault'; readonly fault: Fault }

/** Reads the journal, with or without a daemon that writes it, and changes nothing. */
export async function readJournal<T>(stateDir: string, read: (reader: JournalReader) => T): Promise<Reading<T>> {
  const path = join(stateDir, 'journal.db')
  let database: Database | null = null
  try {
    if (fileAt(path) === null) return { kind: 'absent' }
    database = openDatabase(path, 'read', lockedWaitMs)
    const version = versionOf(database)
    if (version > schemaVersion) return { kind: 'fault', fault: 'newer' }
    return version === 0 ? { kind: 'absent' } : { kind: 'read', value: read(readerOf(database)) }
  } catch (error) {
    return { kind: 'fault', fault: faultOf(error) }
  } finally {
    database?.close()
  }
}

function readerOf(database: Database): JournalReader {
  return {
    decisions(path, limit) {
      const sql = `select ${columns.decision} from decision where path = ? order by id desc limit ?`
      return decisionsIn(database.statement(sql).rows(Buffer.from(path, 'latin1'), limit))
    },
    below(directory, limit) {
      // '0' is the byte after '/'.
      const [from, to] = directory === '' ? ['', null] : [`${directory}/`, `${directory}0`]
      const range = to === null ? 'path >= ?' : 'path >= ? and path < ?'
      const bounds = [from, ...(to === null ? [] : [to])].map((bound) => Buffer.from(bound, 'latin1'))
      const newest = `select max(id) from decision where ${range} group by path`
      const sql = `select ${columns.decision} from decision where id in (${newest}) order by at desc, id desc limit ?`
      const counted = database.statement(`select count(*) as count from (${newest})`).row(...bounds)
      const count = typeof counted === 'object' && counted !== null && 'count' in counted ? Number(counted.count) : 0
      return { last: decisionsIn(database.statement(sql).rows(...bounds, limit)), pathCount: count }
    },
    commits(oids) {
      const one = database.statement(`select ${columns.commits} from commits where oid = ?`)
      const found = oids.map((oid) => rowOf.commit(one.row(oid)))
      return new Map(found.flatMap((commit) => (commit === null ? [] : [[commit.oid, commit] as const])))
    },
    outcomes(limit) {
      const sql = `select ${columns.outcome} from outcome order by id desc limit ?`
      return database
        .statement(sql)
        .rows(limit)
        .flatMap((row) => rowOf.outcome(row)?.record ?? [])
    },
  }
}

function decisionsIn(rows: readonly unknown[]): readonly DecisionRecord[] {
  return rows.flatMap((row) => rowOf.decision(row)?.record ?? [])
}
