import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import type { Finishing } from './child.ts'
import { gitEnvironment, type TempRepo } from './temp-repo.ts'

/** What a server may do instead of answering. */
export type Fault =
  | {
      readonly kind: 'status'
      readonly code: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Takes the request and says nothing, ever. */
  | { readonly kind: 'silent' }
  /** Says the beginning of the right answer, and then nothing. */
  | { readonly kind: 'stalls'; readonly afterBytes: number }
  /** Hangs up in the middle of the right answer. */
  | { readonly kind: 'hangs-up'; readonly afterBytes: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'slow'; readonly delayMs: number }

export interface Asked {
  readonly method: string
  /** Path and query. */
  readonly address: string
  readonly authorized: boolean
}

/** A bare repository behind HTTP on a free port of the loopback, gone when the test is over. */
export interface HttpRemote {
  readonly asked: readonly Asked[]
  /** Null: nobody needs one. */
  account: { readonly user: string; readonly password: string } | null
  /** @param userinfo `name:password` in front of the host. */
  address(userinfo?: string): string
  /** From now on, for requests whose path and query match; null: all is well again. */
  fail(fault: Fault | null, where?: RegExp): void
  /** Resolves when nothing runs any more for whoever has asked, also for those who have gone away since. */
  idle(): Promise<void>
}

/** The questions of git, by path and query. */
export const asks = { tip: /service=git-upload-pack/, push: /git-receive-pack/, pack: /^POST .*git-receive-pack/ }

export async function httpRemote(
  context: Finishing,
  remote: TempRepo,
  tls: TlsFiles | null = null,
): Promise<HttpRemote> {
  const asked: Asked[] = []
  const running = new Set<Promise<void>>()
  let failing: { readonly fault: Fault; readonly where: RegExp } | null = null
  const here: Pick<HttpRemote, 'account'> = { account: null }
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url: address = '' } = request
    const isKnown = isAuthorized(request, here.account)
    asked.push({ method, address, authorized: isKnown })
    const fault = failing?.where.test(`${method} ${address}`) === true ? failing.fault : null
    if (fault?.kind === 'silent') return
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy()
    if (fault?.kind === 'status') return void response.writeHead(fault.code, fault.headers).end(fault.body ?? 'no\n')
    if (!isKnown) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="here"' }).end('who?\n')
    setTimeout(
      () => {
        const run = runBackend(remote, request, response, fault).finally(() => running.delete(run))
        running.add(run)
      },
      fault?.kind === 'slow' ? fault.delayMs : 0,
    )
  }
  const server = tls === null ? createServer(serve) : createTlsServer(readTls(tls), serve)
  const port = await listening(context, server)
  return Object.assign(here, {
    asked,
    address: (userinfo?: string) =>
      `${tls === null ? 'http' : 'https'}://${userinfo === undefined ? '' : `${userinfo}@`}127.0.0.1:${port}/${basename(remote.root)}`,
    fail: (fault: Fault | null, where = /./) => void (failing = fault === null ? null : { fault, where }),
    idle: async () => void (await Promise.all(running)),
  })
}

async function listening(context: Finishing, server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // Whoever asks may be killed in the middle.
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  context.onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => void server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

function isAuthorized({ headers }: IncomingMessage, account: HttpRemote['account']): boolean {
  if (account === null) return true
  const basic = Buffer.from(`${account.user}:${account.password}`).toString('base64')
  return headers.authorization === `Basic ${basic}`
}

/** `git http-backend` as a web server runs it: a CGI program (RFC 3875). */
function runBackend(
  remote: TempRepo,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | null,
): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const { headers } = request
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment,
      GIT_PROJECT_ROOT: dirname(remote.root),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      REMOTE_USER: 'somebody',
      REMOTE_ADDR: '127.0.0.1',
      REQUEST_METHOD: request.method ?? '',
      PATH_INFO: path,
      QUERY_STRING: query,
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => {})
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) =>
    child.on('close', () => {
      answer(response, Buffer.concat(chunks), fault)
      resolve()
    }),
  )
}

function answer(response: ServerResponse, said: Buffer, fault: Fault | null): void {
  const end = said.indexOf('\r\n\r\n')
  const fields = said.subarray(0, end).toString('latin1').split('\r\n')
  const pairs = fields.map((field): [string, string] => [
    field.slice(0, field.indexOf(':')).toLowerCase(),
    field.slice(field.indexOf(':') + 1).trim(),
  ])
  const headers = Object.fromEntries(pairs.filter(([name]) => name !== 'status'))
  const status = Number.parseInt(pairs.find(([name]) => name === 'status')?.[1] ?? '200', 10)
  const body = said.subarray(end + 4)
  response.writeHead(status, { ...headers, 'content-length': String(body.length) })
  if (fault?.kind !== 'stalls' && fault?.kind !== 'hangs-up') return void response.end(body)
  response.write(body.subarray(0, fault.afterBytes), () => {
    if (fault.kind === 'hangs-up') response.socket?.destroy()
  })
}

export interface TlsFiles {
  readonly keyFile: string
  readonly certificateFile: string
}

/** A certificate that nobody has reason to trust. */
export function selfSigned(directory: string): TlsFiles {
  const files = { keyFile: join(directory, 'server.key'), certificateFile: join(directory, 'server.crt') }
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...make, ...name, '-keyout', files.keyFile, '-out', files.certificateFile], {
    stdio: 'ignore',
  })
  return files
}

function readTls({ keyFile, certificateFile }: TlsFiles): { readonly key: Buffer; readonly cert: Buffer } {
  return { key: readFileSync(keyFile), cert: readFileSync(certificateFile) }
}
