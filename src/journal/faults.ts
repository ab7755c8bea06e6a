/** What can be wrong with the file of the journal. */
export type Fault =
  /** Another program holds it; it will let go. */
  | 'locked'
  /** Written by a later version of this program. */
  | 'newer'
  | 'damaged'
  /** Not ours to open. */
  | 'unreadable'
  /** The disk is full or fails, or the library cannot be loaded. */
  | 'unusable'

/** @throws `error` itself when it is neither the database's nor the system's: a bug of ours. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/.test(code)) return 'locked'
  // A table that is missing is damage: this program never drops one.
  if (/^SQLITE_(?:CORRUPT|NOTADB|FORMAT|ERROR|MISMATCH|CONSTRAINT|SCHEMA)/.test(code)) return 'damaged'
  if (/^(?:SQLITE_(?:CANTOPEN|PERM|AUTH|READONLY)|EACCES$|EPERM$|EISDIR$)/.test(code)) return 'unreadable'
  if (/^(?:SQLITE_|E[A-Z]+$|MODULE_NOT_FOUND|ERR_)/.test(code)) return 'unusable'
  // So the driver says when it cannot open; the number is SQLite's SQLITE_CANTOPEN or SQLITE_NOTADB.
  if (/ConnectionFailed\(.*: 26"?\)/.test(error.message)) return 'damaged'
  if (/ConnectionFailed\(/.test(error.message)) return 'unreadable'
  throw error
}
