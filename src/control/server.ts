import { chmodSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { errnoOf, SyncError } from '../errors.ts'
import { placeOf } from '../place.ts'
import { jsonOf } from './json.ts'
import { debugAddress, debugRequest, type DebugRequest, type ToldDecision } from './stream-protocol.ts'
import { Streams } from './stream.ts'
import {
  parseRequest,
  restartHint,
  verbOf,
  type AnswerOf,
  type ControlFailure,
  type RequestOf,
  type Verb,
} from './protocol.ts'
import { controlPath, socketPlace, type SocketPlace } from './socket-path.ts'

/** Ten thousand paths of usual length; a longer body is refused. */
const bodyBytesMax = 2 * 1024 ** 2
/** Askers at the same time; one more is turned away by the system. */
const connectionsMax = 256
/** Time for a request to arrive whole. */
const arrivalMsMax = 10_000
/** How long an answer under way may hold up the closing. */
const closingMsMax = 2_000

export type ControlHandlers = {
  /** @param heardBytes what the asker has written to say it, with everything around it. */
  readonly [V in Verb]: (request: RequestOf<V>, heardBytes: number) => Promise<AnswerOf<V>> | AnswerOf<V>
}

export interface ControlInput {
  readonly stateDir: string
  /** `XDG_RUNTIME_DIR`; null where there is none. */
  readonly runtimeDir: string | null
  readonly temporaryDir: string
  readonly userId: number
  readonly handlers: ControlHandlers
  /** Begins to tell decisions; gives what ends it. @throws SyncError for a request that cannot be understood. */
  readonly debug: (request: DebugRequest, tell: (decision: ToldDecision) => void) => () => void
  /** A handler threw: our bug. The asker has been told; this is for the log. */
  readonly onError: (error: unknown) => void
}

export interface ControlServer {
  /** The address in use. */
  readonly path: string
  /** Somebody may have removed the socket: listens again if so. A place that cannot be had is told once. */
  tend(): Promise<void>
  /** Takes no more requests, ends what goes on, lets answers under way go out (2 s at most), and removes the socket. */
  close(): Promise<void>
}

/**
 * Listens on the workspace's socket, mode 0600. The socket of a dead daemon is replaced.
 * @throws SyncError `lock` when a living daemon answers there, `system` when the place is not ours.
 */
export async function createControlServer(input: ControlInput): Promise<ControlServer> {
  const server = new WorkspaceServer(input)
  await server.open()
  return server
}

class WorkspaceServer implements ControlServer {
  readonly #input: ControlInput
  readonly #pointer: string
  readonly #streams = new Streams()
  /** The last one listens; of those before it answers may be under way. */
  readonly #servers = new Set<Server>()
  #place: SocketPlace
  #socket: string | null = null
  #tending = false
  #failed = false
  #closed = false

  constructor(input: ControlInput) {
    this.#input = input
    this.#place = placeFor(input)
    this.#pointer = controlPath(input.stateDir)
  }

  get path(): string {
    return this.#place.path
  }

  async open(): Promise<void> {
    this.#place = placeFor(this.#input)
    const { path, directory } = this.#place
    if (directory !== null) makePrivate(directory, this.#input.userId)
    const server = createServer((request, response) => {
      answer(this.#input, this.#streams, request, response).catch(this.#input.onError)
    })
    server.maxConnections = connectionsMax
    server.headersTimeout = arrivalMsMax
    server.requestTimeout = arrivalMsMax
    await listenAfresh(server, path)
    server.on('error', this.#input.onError)
    this.#servers.add(server)
    server.once('close', () => this.#servers.delete(server))
    chmodSync(path, 0o600)
    this.#socket = socketAt(path)
    if (this.#pointer === path) return
    rmSync(this.#pointer, { force: true })
    symlinkSync(path, this.#pointer)
  }

  async tend(): Promise<void> {
    if (this.#tending || this.#closed || this.#isFound()) return
    this.#tending = true
    try {
      // Its socket is out of reach: closing it first, for that removes whatever has its name.
      for (const server of this.#servers) server.close()
      await this.open()
      this.#failed = false
    } catch (error) {
      if (!this.#failed) this.#input.onError(error)
      this.#failed = true
    } finally {
      this.#tending = false
      if (this.#closed) this.#closeAll()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#pointer !== this.path) rmSync(this.#pointer, { force: true })
    const closed = [...this.#servers].map((server) => once(server, 'close'))
    this.#closeAll()
    this.#streams.endAll('stops')
    const timer = setTimeout(() => this.#servers.forEach((server) => server.closeAllConnections()), closingMsMax)
    await Promise.all(closed)
    clearTimeout(timer)
  }

  #closeAll(): void {
    for (const server of this.#servers) server.close()
  }

  /** Whoever asks finds the socket on which we listen. */
  #isFound(): boolean {
    if (this.#socket === null || socketAt(this.path) !== this.#socket) return false
    // The state directory may be another one by now.
    if (placeFor(this.#input).path !== this.path) return false
    try {
      return this.#pointer === this.path || readlinkSync(this.#pointer) === this.path
    } catch {
      return false
    }
  }
}

function placeFor({ stateDir, runtimeDir, temporaryDir, userId }: ControlInput): SocketPlace {
  return socketPlace(stateDir, runtimeDir, temporaryDir, userId, placeOf(stateDir))
}

function socketAt(path: string): string | null {
  // As big integers: of a socket seen the other way Node's loaders conclude what they should not (`loadPackage`).
  const stat = lstatSync(path, { throwIfNoEntry: false, bigint: true })
  return stat?.isSocket() === true ? `${stat.dev}.${stat.ino}` : null
}

async function listenAfresh(server: Server, path: string): Promise<void> {
  try {
    await listen(server, path)
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw unusable(path, error)
    if (await somebodyListens(path)) {
      throw new SyncError('lock', `another daemon answers at ${path}`, 'workspace-sync stop ends it', error)
    }
    rmSync(path, { force: true })
    await listen(server, path)
  }
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path)
  await once(server, 'listening')
}

function unusable(path: string, error: unknown): SyncError {
  const code = errnoOf(error) ?? 'unknown error'
  return new SyncError('system', `cannot listen at ${path} (${code})`, 'make its directory writable', error)
}

function somebodyListens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const settle = (listens: boolean): void => {
      socket.destroy()
      resolve(listens)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

/** Anybody may make directories below /tmp: one that waits there under our name, but is not ours, is not entered. */
function makePrivate(directory: string, userId: number): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const stat = lstatSync(directory)
  if (stat.isDirectory() && stat.uid === userId && (stat.mode & 0o077) === 0) return
  const hint = `remove it, or set XDG_RUNTIME_DIR to a directory of yours`
  throw new SyncError('system', `${directory} is not a private directory of this user`, hint)
}

async function answer(
  input: ControlInput,
  streams: Streams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === debugAddress && request.method === 'POST') return stream(input, streams, request, response)
  const verb = verbOf(request.url ?? '')
  if (verb === null || request.method !== 'POST') {
    refuse(response, 404, { name: 'unknown-verb', detail: `the daemon knows no ${request.url}`, hint: restartHint })
    return
  }
  const body = await readBody(request)
  if (body === 'gone') return
  if (body === 'too-long') {
    refuse(response, 413, { name: 'too-long', detail: 'the request is too long', hint: 'name fewer paths at a time' })
    return
  }
  const parsed = parseRequest(verb, body.text)
  if (parsed.kind === 'refused') {
    refuse(response, 400, parsed.failure)
    return
  }
  try {
    // parseRequest has checked the request against the row of this verb, which the type of the table cannot express.
    const handle = input.handlers[verb] as (given: unknown, heardBytes: number) => unknown
    send(response, 200, await handle(parsed.request, request.socket.bytesRead))
  } catch (error) {
    if (error instanceof SyncError) {
      refuse(response, 409, { name: error.kind, detail: error.message, hint: error.hint })
      return
    }
    refuse(response, 500, { name: 'internal', detail: `"${verb}" failed inside the daemon`, hint: 'see daemon.log' })
    throw error
  }
}

async function stream(
  input: ControlInput,
  streams: Streams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  if (body === 'gone') return
  const asked = debugRequest.safeParse(body === 'too-long' ? null : jsonOf(body.text))
  if (!asked.success)
    return refuse(response, 400, { name: 'bad-request', detail: 'debug: bad request', hint: restartHint })
  if (streams.isFull()) {
    const hint = 'end one of the others first'
    return refuse(response, 429, { name: 'full', detail: 'too many programs listen already', hint })
  }
  try {
    streams.open(response, (tell) => input.debug(asked.data, tell))
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    refuse(response, 409, { name: error.kind, detail: error.message, hint: error.hint })
  }
}

function refuse(response: ServerResponse, status: number, failure: ControlFailure): void {
  send(response, status, { error: failure })
}

function send(response: ServerResponse, status: number, value: unknown): void {
  // The connection is closed with the answer: nobody asks twice, and an idle one would hold up a stop.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify(value))
}

type Body = { readonly text: string } | 'too-long' | 'gone'

/** Reads to the end even what is too long: an asker who still sends would not hear the answer. */
async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes <= bodyBytesMax) chunks.push(chunk)
    }
  } catch {
    // The asker went away while asking: there is nobody to answer.
    return 'gone'
  }
  return sizeBytes > bodyBytesMax ? 'too-long' : { text: Buffer.concat(chunks).toString('utf8') }
}
