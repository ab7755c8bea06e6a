/**
 * What is told to the outside. Every observable thing leaves by this door as a `Report`; listeners turn it into log
 * lines and terminal text. Nothing here decides anything.
 */
export { openLog } from './log.ts'
export { describe, type Report, type Reporter, type ReportLevel } from './narrate.ts'
export type { Counters, DaemonState, LastStatus, StatusFile } from './status-file.ts'
