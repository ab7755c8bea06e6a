import { readdirSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errnoOf } from '../../errors.ts'
import type { Failure, Oid } from '../../types.ts'
import { failureOfErrno } from '../failures.ts'
import { readHead, readRef } from '../heads.ts'
import type { Workbench } from '../workbench.ts'
import { identityOf, stampOf } from './identity.ts'
import { lockRef } from './ref-lock.ts'
import type { RefLock } from './ref-lock.ts'

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
 * rename.
 */
export async function moveRef(
  bench: Workbench,
  environment: Readonly<Record<string, string | undefined>>,
  move: RefMove,
): Promise<'done' | 'moved' | Failure> {
  const { disk, repository } = bench
  const file = join(repository.commonDir, move.ref)
  let lock: RefLock | null = null
  try {
    disk.makeDirectory(dirname(file), 0o777)
    lock = await lockRef(bench, move.ref)
    if (lock === null) return lockedFailure(`${file}.lock`)
    if (readRef(bench, move.ref) !== move.from) return 'moved'
    const other = move.from === null ? inTheWay(bench, move.ref) : null
    if (other !== null) return takenFailure(move.ref, other)
    makeRoom(bench, file)
    // What points on to another ref is not ours to replace.
    if (disk.readLink(file) !== null || disk.read(file)?.toString('latin1').startsWith('ref:') === true) return 'moved'
    if (move.reason !== null) await writeReflog(bench, environment, move)
    if (move.to === null) disk.remove(file)
    else lock.put(file, `${move.to}\n`)
    return 'done'
  } catch (error) {
    return failureOfCaught(error)
  } finally {
    lock?.release()
  }
}

/** A ref above this one, or below, which git keeps as a file and a directory of one name. */
function inTheWay(bench: Workbench, ref: string): string | null {
  const names = ref.split('/')
  const above = names.map((_, at) => names.slice(0, at).join('/')).find((name) => readRef(bench, name) !== null)
  if (above !== undefined) return above
  const packed = bench.disk.read(join(bench.repository.commonDir, 'packed-refs'))?.toString('utf8').split('\n') ?? []
  return packed.map((line) => line.replace(/^[0-9a-f]+ /, '')).find((name) => name.startsWith(`${ref}/`)) ?? null
}

/** Directories of names that are gone make room, as git has it; what is not empty stays, and is in the way. */
function makeRoom({ disk }: Pick<Workbench, 'disk'>, file: string): void {
  if (disk.identify(file)?.kind === 'other') removeEmpty(file)
}

function removeEmpty(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(directory, entry.name))
  }
  rmdirSync(directory)
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
    makeRoom(bench, log)
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

function takenFailure(ref: string, other: string): Failure {
  const hint = 'rename one of the two: git branch -m'
  return { name: 'unknown', detail: `${other} is there, so that ${ref} cannot be made`, hint, heals: 'backoff' }
}

function failureOfCaught(error: unknown): Failure {
  const code = errnoOf(error)
  if (code === null || !(error instanceof Error)) throw error
  return failureOfErrno(code, error.message)
}
