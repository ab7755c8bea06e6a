import { spawn, type ChildProcess } from 'node:child_process'

/** A program that runs beside the test and ends with it, also when the test fails. */
export interface Child {
  readonly pid: number
  /** All it has written to standard output and standard error so far. */
  out(): string
  err(): string
  /** Its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  hasEnded(): boolean
  kill(signal: NodeJS.Signals): void
}

/** The test's own way to clean up: tests of one file may run at once. */
export interface Finishing {
  onTestFinished(tidy: () => void | Promise<void>): void
  onTestFailed?(tell: () => void): void
}

export interface ChildOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly input?: string | Buffer
}

const alive = new Set<ChildProcess>()
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')))

/** Kills what is still running when the test is over, and waits for its end. */
export function startChild(test: Finishing, command: readonly string[], options: ChildOptions): Child {
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['pipe', 'pipe', 'pipe'] })
  alive.add(child)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text))
  // A program that does not read its input may have ended before it was written.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      alive.delete(child)
      resolve(code ?? signal ?? 'SIGKILL')
    })
  })
  test.onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    ended,
    hasEnded: () => !alive.has(child),
    kill: (signal) => void child.kill(signal),
  }
}
