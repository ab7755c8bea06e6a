import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import { shellWord } from '../shell.ts'
import type { Oid } from '../types.ts'
import type { Head } from './engine.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { Workbench } from './workbench.ts'

/** A symbolic ref to a symbolic ref is legal; git itself stops at five. */
const symbolicMax = 5

/** HEAD without starting git. Other ways of keeping refs (reftable) leave a HEAD that names `.invalid`. */
export async function readHead(bench: Workbench): Promise<Head> {
  if (isOnOddBranch(bench)) return { ref: null, oid: (await askHead(bench)).oid }
  const text = readText(bench, join(bench.repository.gitDir, 'HEAD'))
  const ref = linkedRef(bench) ?? /^ref:\s*(\S+)\s*$/.exec(text ?? '')?.[1] ?? null
  if (ref === 'refs/heads/.invalid') return askHead(bench)
  if (ref !== null) return { ref, oid: readRef(bench, ref) ?? unborn(bench, ref) }
  const oid = oidIn(text)
  return oid === null ? askHead(bench) : { ref: null, oid }
}

/** Before there were symbolic refs HEAD was a link (core.preferSymlinkRefs makes one still). */
function linkedRef({ disk, repository }: Workbench): string | null {
  const target = disk.readLink(join(repository.gitDir, 'HEAD'))
  return target !== null && isUtf8(target) && target.indexOf('refs/') === 0 ? target.toString('utf8') : null
}

/** On a branch whose name is no text: any name it could be called here would be another branch. */
export function isOnOddBranch({ disk, repository }: Pick<Workbench, 'disk' | 'repository'>): boolean {
  const bytes = disk.read(join(repository.gitDir, 'HEAD'))
  return bytes !== null && !isUtf8(bytes)
}

/**
 * The commit a ref points to; null: there is none.
 * @throws SyncError when its file holds neither, as after a power cut: git takes such a branch for broken, not for new
 */
export function readRef(bench: Workbench, ref: string): Oid | null {
  let name = ref
  for (let step = 0; step < symbolicMax; step += 1) {
    // The loose file first: `pack-refs` writes the packed value before it removes the loose one.
    const text = readText(bench, join(bench.repository.commonDir, name))
    if (text === null) return readPacked(bench, name)
    const oid = oidIn(text)
    if (oid !== null) return oid
    const next = /^ref:\s*(\S+)\s*$/.exec(text)?.[1]
    if (next === undefined) throw brokenRef(bench, name)
    name = next
  }
  return null
}

/**
 * A branch that nothing was ever committed on.
 * @throws SyncError when its reflog tells of commits, which git removes along with a branch: packed refs that were lost
 * or spoilt are no reason to begin a second history
 */
function unborn(bench: Workbench, ref: string): null {
  const { from, to, words } = lastMove(bench, ref)
  // Our own first commit stands there before the branch does, and a crash in between is no loss.
  const isBegun = isZero(from) && words.startsWith('commit: ')
  if (isZero(to) || isBegun) return null
  throw corruptRef(bench, ref, `${ref} is gone, and its reflog has it at ${to}`)
}

function isZero(oid: string): boolean {
  return !/[1-9a-f]/.test(oid)
}

function brokenRef(bench: Workbench, ref: string): Error {
  return corruptRef(bench, ref, `${ref} is broken: ${join(bench.repository.commonDir, ref)} holds no commit`)
}

/** What the branch was on last stands in its reflog. */
function corruptRef(bench: Workbench, ref: string, detail: string): Error {
  const { to } = lastMove(bench, ref)
  const file = shellWord(join(bench.repository.commonDir, ref))
  const hint = to === '' ? 'run: git fsck --full' : `run: echo ${to} > ${file}`
  return repositoryError({ name: 'corrupt', detail, hint, heals: 'person' })
}

/** Empty where nothing is told. */
function lastMove(
  bench: Workbench,
  ref: string,
): { readonly from: string; readonly to: string; readonly words: string } {
  const log = readText(bench, join(bench.repository.commonDir, 'logs', ref)) ?? ''
  const line = log.slice(log.trimEnd().lastIndexOf('\n') + 1)
  const [, from = '', to = '', words = ''] = /^([0-9a-f]+) ([0-9a-f]+) [^\n\t]*(?:\t([^\n]*))?\n?$/m.exec(line) ?? []
  return { from, to, words }
}

function readPacked(bench: Workbench, ref: string): Oid | null {
  const packed = readText(bench, join(bench.repository.commonDir, 'packed-refs'))
  const at = packed?.indexOf(` ${ref}\n`) ?? -1
  if (packed === null || at < 0) return null
  return oidIn(packed.slice(packed.lastIndexOf('\n', at) + 1, at))
}

function oidIn(text: string | null): Oid | null {
  return /^([0-9a-f]{64}|[0-9a-f]{40})(?:\s|$)/.exec(text ?? '')?.[1] ?? null
}

function readText(bench: Workbench, path: string): string | null {
  try {
    return bench.disk.read(path)?.toString('utf8') ?? null
  } catch (error) {
    // A branch `a` whose place is a directory because of a branch `a/b` that is gone.
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return null
    throw error
  }
}

async function askHead(bench: Workbench): Promise<Head> {
  const ask = (args: readonly string[]) => bench.git.run({ args, deadlineMs: bench.deadlines.plumbingMs })
  const [symbolic, tip] = await Promise.all([
    ask(['symbolic-ref', '-q', 'HEAD']),
    ask(['rev-parse', '-q', '--verify', 'HEAD^{commit}']),
  ])
  if (symbolic.code !== 0 && tip.code !== 0) throw repositoryError(failureOf('rev-parse', tip))
  return {
    ref: symbolic.code === 0 ? symbolic.stdout.toString('utf8').trim() : null,
    oid: oidIn(tip.stdout.toString('utf8')),
  }
}
