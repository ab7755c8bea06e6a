import { statSync } from 'node:fs'
import type Driver from 'libsql'
import { loadPackage } from '../packages.ts'
import type { Cell } from './tables.ts'

/** The little of the driver that is used. A failed call throws with SQLite's code. */
export interface Database {
  execute(sql: string): void
  statement(sql: string): Statement
  close(): void
}

export interface Statement {
  run(...cells: readonly Cell[]): { readonly changes: number; readonly rowId: number }
  /** The first row; undefined: none. */
  row(...cells: readonly Cell[]): unknown
  /** Each call leaves a kilobyte behind in the driver: for who reads and ends, not for the daemon. */
  rows(...cells: readonly Cell[]): readonly unknown[]
}

/**
 * Loading the library takes 20 ms and 7 MB, and a connection 3 MB more, so only who needs it does.
 * @param waitMs how long another program's lock is waited for; the process does nothing else meanwhile
 */
export function openDatabase(path: string, access: 'read' | 'write', waitMs: number): Database {
  const Library = loadPackage('libsql') as typeof Driver
  // The driver knows no read-only connections, but SQLite does, by its own kind of address.
  const address = access === 'write' ? path : `file:${encodeURI(path).replaceAll(/[?#]/g, encodeURIComponent)}?mode=ro`
  return wrapped(new Library(address, { timeout: waitMs }))
}

function wrapped(database: Driver.Database): Database {
  return {
    execute: (sql) => void database.exec(sql),
    statement(sql) {
      const prepared = database.prepare(sql)
      return {
        run(...cells) {
          const { changes, lastInsertRowid } = prepared.run(cells)
          return { changes, rowId: Number(lastInsertRowid) }
        },
        row: (...cells) => prepared.get(cells),
        rows: (...cells) => prepared.all(cells),
      }
    },
    close: () => void database.close(),
  }
}

export interface FileFacts {
  /** Another file has another. */
  readonly identity: string
  readonly sizeBytes: number
}

/**
 * What lies there; null: nothing. Only by stat: to open and close a database's file would take away the locks that
 * SQLite holds on it in this process (fcntl(2)). @throws the system's error when it cannot be asked.
 */
export function fileAt(path: string): FileFacts | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? null : { identity: `${stat.dev}.${stat.ino}`, sizeBytes: stat.size }
}
