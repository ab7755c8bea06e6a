import { dirname, join } from 'node:path'
import { errnoOf } from '../../errors.ts'
import type { Failure, Oid } from '../../types.ts'
import { failureOfErrno } from '../failures.ts'
import { readHead, readRef } from '../heads.ts'
import type { Workbench } from '../workbench.ts'
import { identityOf, stampOf } from './identity.ts'

const retryMs = 25

export interface RefMove {
  readonly ref: string
  /** null: it must not be there. */
  readonly from: Oid | null
  /** null: it goes. */
  readonly to: Oid | null
  /** For the reflog; null: none is written. */
  readonly reason: string | null
}

/**
 * Compares and swaps a ref as git does: under `<ref>.lock`, which other gits heed, with a line in the reflog, by one
 * rename. The lock appears with the commit's id in it, a second name of a file that is whole already: one that a crash
 * leaves behind names the commit in the journal, and is known to be ours by that.
 */
export async function moveRef(
  bench: Workbench,
  environment: Readonly<Record<string, string | undefined>>,
  move: RefMove,
): Promise<'done' | 'moved' | Failure> {
  const { disk, repository } = bench
  const file = join(repository.commonDir, move.ref)
  const lock = `${file}.lock`
  const token = join(repository.stateDir, 'ref-token')
  try {
    // What a crash left of the same move.
    const left = disk.identify(token)?.file
    if (left !== undefined && left === disk.identify(lock)?.file) disk.remove(lock)
    disk.remove(token)
    disk.create(token, `${move.to ?? ''}\n`, 0o644)
    disk.makeDirectory(dirname(file), 0o777)
    if (!(await linked(bench, token, lock))) return lockedFailure(lock)
  } catch (error) {
    return failureOfCaught(error)
  }
  let isOurs = true
  try {
    if (readRef(bench, move.ref) !== move.from) return 'moved'
    // What points on to another ref is not ours to replace.
    if (disk.read(file)?.toString('latin1').startsWith('ref:') === true) return 'moved'
    if (move.reason !== null) await writeReflog(bench, environment, move)
    if (move.to === null) disk.remove(file)
    else disk.rename(lock, file)
    isOurs = move.to === null
    return 'done'
  } catch (error) {
    return failureOfCaught(error)
  } finally {
    // What stays is known as ours the next time, and the ref is where it should be already.
    quietly(() => disk.remove(token))
    if (isOurs) quietly(() => disk.remove(lock))
  }
}

async function linked({ disk, clock, deadlines }: Workbench, token: string, lock: string): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    if (disk.link(token, lock)) return true
    if (waitedMs >= deadlines.lockMs) return false
    await new Promise<void>((resolve) => void clock.after(retryMs, resolve))
  }
}

/** The line first, as git: a crash leaves a line about a commit that is not there, never one that nobody can find. */
async function writeReflog(
  bench: Workbench,
  environment: Readonly<Record<string, string | undefined>>,
  { ref, from, to, reason }: RefMove,
): Promise<void> {
  const zeros = '0'.repeat(40)
  const who = identityOf(await bench.settings.read(), environment, 'committer') ?? 'workspace-sync <>'
  const words = (reason ?? '').replaceAll(/\s+/g, ' ').trim()
  const line = `${from ?? zeros} ${to ?? zeros} ${who} ${stampOf(bench)}\t${words}\n`
  const isHead = (await readHead(bench)).ref === ref
  for (const name of isHead ? [ref, 'HEAD'] : [ref]) {
    const log = join(bench.repository.commonDir, 'logs', name)
    bench.disk.makeDirectory(dirname(log), 0o777)
    bench.disk.append(log, line)
  }
}

function lockedFailure(lock: string): Failure {
  return {
    name: 'locked',
    detail: `${lock} is held by another program`,
    hint: 'wait for the other git command; if none runs, remove that file',
    heals: 'backoff',
  }
}

function quietly(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (errnoOf(error) === null) throw error
  }
}

function failureOfCaught(error: unknown): Failure {
  const code = errnoOf(error)
  if (code === null || !(error instanceof Error)) throw error
  return failureOfErrno(code, error.message)
}
