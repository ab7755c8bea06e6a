/**
 * The process that holds the native watcher. It is a process of its own because the native code crashes on some trees
 * and hangs on others; it knows the workspace's folder and nothing else, and ends with the daemon, however that ends.
 */
import { realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { BackendType } from '@parcel/watcher'
import type { FromWatchProcess, ToWatchProcess, WatchOrder } from './parcel-protocol.ts'

/** Pinned: by itself the library takes watchman where that is installed. */
const backends: Readonly<Partial<Record<NodeJS.Platform, BackendType>>> = {
  linux: 'inotify',
  darwin: 'fs-events',
  win32: 'windows',
}

/** Paths waiting for the daemon to read. Beyond it they collapse to one comparison of the whole tree. */
const waitingMax = 20_000
/** What the library gathers is copied and then cleared, and what comes in between is lost: the larger, the likelier. */
const doubtfulBatch = 2_000

let waiting = new Set<string>()
let missed: string | null = null
let isSending = false

/** By a signal: the native threads may not let the process end in peace. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

function tell(message: FromWatchProcess, told: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, told)
}

/** One message is under way at a time, so that a daemon that is busy costs no memory here. */
function tellChanges(): void {
  if (isSending || (waiting.size === 0 && missed === null)) return
  isSending = true
  const message = { kind: 'changed', paths: [...waiting], missed } as const
  waiting = new Set()
  missed = null
  tell(message, () => {
    isSending = false
    tellChanges()
  })
}

function noticed(path: string, root: string): void {
  if (path.startsWith(root + sep)) {
    const relative = path.slice(root.length + 1)
    waiting.add(sep === '/' ? relative : relative.replaceAll(sep, '/'))
  } else if (path !== root) missed ??= 'the watcher told of a path outside'
  if (waiting.size <= waitingMax) return
  waiting = new Set()
  missed = `more than ${waitingMax} paths changed at once`
}

function fail(error: unknown): void {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }, end)
}

async function watch({ root, ignored }: WatchOrder): Promise<void> {
  const { subscribe } = (await import('@parcel/watcher')).default
  const real = realpathSync(root)
  const backend = backends[process.platform]
  await subscribe(
    real,
    (error, events) => {
      if (error !== null) {
        // macOS drops events under load and says so; the watch goes on.
        if (!/dropped/i.test(error.message)) return fail(error)
        missed ??= 'the system dropped events'
      }
      for (const { path } of events ?? []) noticed(path, real)
      if ((events ?? []).length >= doubtfulBatch) missed ??= 'a burst, in which the watcher may lose some'
      tellChanges()
    },
    {
      ignore: [join(real, '.git'), ...ignored.map((path) => join(real, path))],
      ...(backend === undefined ? {} : { backend }),
    },
  )
  tell({ kind: 'ready' })
}

process.on('disconnect', end)
if (!process.connected) end()
process.on('message', (message: ToWatchProcess) => {
  if (message.kind === 'ping') tell({ kind: 'pong' })
  else watch(message.order).catch(fail)
})
