/** A git server on the loopback, and ways to it that can be cut. */
import { execFileSync, spawn } from 'node:child_process'
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { sleep } from '../soak/ground.ts'
import { gitEnvironment } from '../support/temp-repo.ts'

/** A cuttable way to the remote: a port of its own. */
export interface Way {
  readonly port: number
  cut(): void
  heal(): Promise<void>
  /** The next so many connections suffer it. */
  fail(fault: Fault, times: number): void
  close(): void
}

/** `git daemon` on a free port of the loopback. */
export async function serveGit(folder: string): Promise<{ readonly port: number; stop(): void }> {
  const probe = createTcpServer()
  const port = await listening(probe)
  await new Promise((resolve) => probe.close(resolve))
  const args = [
    'daemon',
    '--reuseaddr',
    '--listen=127.0.0.1',
    `--port=${port}`,
    '--export-all',
    '--enable=receive-pack',
  ]
  const child = spawn('git', [...args, `--base-path=${folder}`, folder], {
    stdio: 'ignore',
    detached: true,
    env: gitEnvironment,
  })
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  for (let tries = 0; tries < 100; tries++) {
    try {
      execFileSync('git', ['ls-remote', `git://127.0.0.1:${port}/remote.git`], { env: gitEnvironment, stdio: 'ignore' })
      return { port, stop }
    } catch {
      await sleep(50)
    }
  }
  stop()
  throw new Error('git daemon does not answer')
}

/** What happens to a connection, counted from its first byte in that direction. */
export interface Fault {
  readonly kind: 'cut' | 'cut-answer' | 'silence' | 'silence-answer' | 'corrupt' | 'corrupt-answer' | 'slow'
  readonly afterBytes: number
}

/** A slow way carries so much in one piece, and rests after it. */
const slow = { pieceBytes: 2_000, restMs: 10 }

export async function openWay(to: number): Promise<Way> {
  const open = new Set<Socket>()
  let isCut = false
  let fault: Fault | null = null
  let left = 0
  const accept = (socket: Socket): void => {
    if (isCut) return void socket.destroy()
    const far = connect(to, '127.0.0.1')
    for (const one of [socket, far]) {
      open.add(one)
      one.on('error', () => one.destroy())
      one.on('close', () => {
        open.delete(one)
        socket.destroy()
        far.destroy()
      })
    }
    const now = left > 0 ? fault : null
    left -= 1
    carry(socket, far, now?.kind.endsWith('-answer') === true ? null : now)
    carry(far, socket, now?.kind.endsWith('-answer') === true || now?.kind === 'slow' ? now : null)
  }
  const server = createTcpServer({ allowHalfOpen: true }, accept)
  const port = await listening(server)
  return {
    port,
    cut() {
      isCut = true
      for (const socket of open) socket.destroy()
    },
    async heal() {
      isCut = false
      await Promise.resolve()
    },
    fail(next, times) {
      fault = next
      left = times
    },
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

function carry(from: Socket, to: Socket, fault: Fault | null): void {
  if (fault === null) return void from.pipe(to)
  let passed = 0
  from.on('data', (chunk: Buffer) => {
    const at = fault.afterBytes - passed
    passed += chunk.length
    if (fault.kind === 'slow') {
      from.pause()
      return trickle(chunk, to, () => from.resume())
    }
    if (at >= chunk.length) return void to.write(chunk)
    if (fault.kind.startsWith('cut')) {
      to.write(chunk.subarray(0, Math.max(0, at)))
      return void from.destroy()
    }
    if (fault.kind.startsWith('silence')) return void (at > 0 && to.write(chunk.subarray(0, at)))
    if (at >= 0) chunk[at] = (chunk[at] ?? 0) ^ 0x55
    to.write(chunk)
  })
  from.on('end', () => to.end())
}

function trickle(chunk: Buffer, to: Socket, done: () => void): void {
  if (chunk.length === 0 || to.destroyed) return done()
  to.write(chunk.subarray(0, slow.pieceBytes))
  setTimeout(() => trickle(chunk.subarray(slow.pieceBytes), to, done), slow.restMs)
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
