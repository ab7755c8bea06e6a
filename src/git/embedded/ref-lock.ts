import { join } from 'node:path'
import { errnoOf } from '../../errors.ts'
import { systemRandom } from '../../platform/platform.ts'
import { secondName } from '../second-name.ts'
import type { Workbench } from '../workbench.ts'

const retryMs = 25

/** Tokens of locks that this process holds; any other was left by an end in the middle. */
const living = new Set<string>()

/**
 * `<ref>.lock`, which other gits heed, taken so that it can be told for ever who took it, and of which ref: a second
 * name of a token in the state directory, in which the ref stands. Where a file has only one name the lock is a copy of
 * it, with a drawn number that nobody else has.
 */
export interface RefLock {
  /** Puts a file of these bytes in the place of the ref, at once and for good. */
  put(file: string, bytes: string): void
  /** Does nothing to a lock that is not ours any more. */
  release(): void
}

type Places = Pick<Workbench, 'disk' | 'repository'>

/** null: somebody else held it all the time. */
export async function lockRef(bench: Workbench, ref: string): Promise<RefLock | null> {
  const { disk, clock, deadlines } = bench
  clearRefLocks(bench)
  const directory = tokensOf(bench)
  const number = systemRandom.hex(16)
  const [token, lock] = [join(directory, number), lockOf(bench, ref)]
  const put = (file: string, bytes: string): void => {
    disk.create(`${token}.new`, bytes, 0o644)
    disk.rename(`${token}.new`, file)
  }
  const release = (): void => {
    try {
      // What stays is cleared away the next time: the token last, which knows the rest.
      quietly(() => clearOne(bench, token))
    } finally {
      living.delete(token)
    }
  }
  living.add(token)
  try {
    disk.makeDirectory(directory)
    disk.create(token, `${number} ${ref}\n`, 0o600)
    for (let waitedMs = 0; ; waitedMs += retryMs) {
      if (secondName(disk, token, lock)) return { put, release }
      if (waitedMs >= deadlines.lockMs) break
      await new Promise<void>((resolve) => void clock.after(retryMs, resolve))
    }
  } catch (error) {
    release()
    throw error
  }
  release()
  return null
}

/** What a crash left of ours. */
export function clearRefLocks(bench: Places): void {
  const directory = tokensOf(bench)
  const numbers = new Set(bench.disk.list(directory).map((name) => name.replace(/\.new$/, '')))
  for (const number of numbers) {
    const token = join(directory, number)
    if (!living.has(token)) clearOne(bench, token)
  }
}

function clearOne(bench: Places, token: string): void {
  const { disk } = bench
  const ref = /^[0-9a-f]+ (refs\/.+)\n$/s.exec(disk.read(token)?.toString('utf8') ?? '')?.[1]
  if (ref !== undefined && isSecond(bench, token, lockOf(bench, ref))) disk.remove(lockOf(bench, ref))
  disk.remove(`${token}.new`)
  disk.remove(token)
}

function isSecond({ disk }: Places, token: string, lock: string): boolean {
  const [own, held] = [disk.identify(token), disk.identify(lock)]
  if (own === null || held === null) return false
  if (own.file === held.file) return true
  return own.sizeBytes === held.sizeBytes && disk.read(token)?.equals(disk.read(lock) ?? Buffer.alloc(0)) === true
}

function tokensOf({ repository }: Places): string {
  return join(repository.stateDir, 'ref-tokens')
}

function lockOf({ repository }: Places, ref: string): string {
  return join(repository.commonDir, `${ref}.lock`)
}

function quietly(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (errnoOf(error) === null) throw error
  }
}
