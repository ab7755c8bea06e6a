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

export async function openWay(to: number): Promise<Way> {
  const open = new Set<Socket>()
  let isCut = false
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
    socket.pipe(far)
    far.pipe(socket)
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
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
