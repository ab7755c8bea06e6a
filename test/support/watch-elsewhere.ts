import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { compiled } from './compiled.ts'
import { until } from './until.ts'
import { parcelChild } from './watched-tree.ts'

export interface WatchElsewhere {
  readonly pid: number
  /** What the watcher last said of itself. */
  health(): { readonly directories: number | null; readonly degraded: { reason: string; remedy: string } | null } | null
  readonly seen: ReadonlySet<string>
  readonly rescans: readonly string[]
}

/** Reports each batch and its health as one line of JSON. */
const program = (door: string, clock: string, root: string, watcher: string) => `
  const { createEventSource } = await import(${JSON.stringify(door)})
  const { systemClock } = await import(${JSON.stringify(clock)})
  let started = false
  const tell = (batch) => console.log(JSON.stringify({ started, batch, health: source.health() }))
  const source = createEventSource({
    root: ${JSON.stringify(root)}, watcher: '${watcher}', parcelChild: ${JSON.stringify(parcelChild)}, clock: systemClock, skip: () => false, limits: { checkMs: 20 },
    onReady: () => tell(source.take()),
  })
  await source.start()
  started = true
  tell(source.take())`

/** Runs a watcher in a process of its own, which `command` starts: in a namespace, or as another user. */
export async function watchElsewhere(
  root: string,
  command: (script: string) => readonly [string, ...string[]],
  uid?: number,
  watcher: 'inotify' | 'parcel' = 'inotify',
): Promise<WatchElsewhere> {
  const door = compiled('events/events.js')
  const script = program(door, door.replace('events/events.js', 'platform/platform.js'), root, watcher)
  const [file, ...args] = command(script)
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let health: ReturnType<WatchElsewhere['health']> = null
  const seen = new Set<string>()
  const rescans: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = JSON.parse(line) as {
      started: boolean
      health: NonNullable<typeof health>
      batch: { events: { path: string }[]; rescan: string | null }
    }
    if (told.started) health = told.health
    for (const event of told.batch.events) seen.add(event.path)
    if (told.batch.rescan !== null) rescans.push(told.batch.rescan)
  })
  await until('the watcher started', () => health !== null || child.exitCode !== null, 10_000)
  if (child.exitCode !== null) throw new Error(`the watcher ended with ${child.exitCode}`)
  return { pid: child.pid ?? 0, health: () => health, seen, rescans }
}
