/** The daemon and the command line talk over a Unix socket in the workspace's state directory: server and client. */
export { ask } from './client.ts'
export { listen } from './listen.ts'
export { isWriterName } from './writer-name.ts'
export type { DebugRequest, StreamLine, ToldDecision } from './stream-protocol.ts'
export { createControlServer, type ControlHandlers, type ControlInput, type ControlServer } from './server.ts'
