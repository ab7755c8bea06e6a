/**
 * The world as small interfaces: what cannot be an argument of a pure function comes in through here. One real form
 * each in this room, fakes in `test/support`.
 */
export { systemClock, type Clock } from './clock.ts'
export { systemRandom, type Random } from './random.ts'
export type { ProcessIdentity } from '../living.ts'
export { processes } from './processes.ts'
export type { ListedProcess } from './process-list.ts'
export type { ProcessTable, WrittenCounter } from './process-table.ts'
export { lookAt, wholeFile } from './files.ts'
