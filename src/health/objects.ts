import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { SyncError } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import { wholeFile, type Clock } from '../platform/platform.ts'
import type { RepositoryFact } from './facts.ts'

/** Every object of so much is read within a second or two; of more only that it is there is checked. */
const readAllBytesMax = 64 * 1024 * 1024
const deadlineMs = 20_000
/** A check that is quicker is simply made again; only a slow one is remembered. */
const rememberedFromMs = 2_000

const memo = z.strictObject({ checkedAtMs: z.number(), depth: z.enum(['all', 'connectivity']), sizeBytes: z.number() })

/**
 * The repository's integrity, checked within 20 s. A slow check that found everything whole counts for `everyMs`; a bad
 * one is never remembered, so that what mended it shows at once.
 */
export async function lookAtObjects(
  engine: GitEngine,
  clock: Clock,
  everyMs: number,
  remote: string | null,
): Promise<RepositoryFact> {
  const { stateDir } = engine.repository
  const nowMs = clock.nowMs()
  const known = remembered(stateDir)
  if (known !== null && nowMs - known.checkedAtMs < everyMs && nowMs >= known.checkedAtMs) {
    return { ...known, result: { kind: 'whole' }, deadlineMs, remote }
  }
  const sizeBytes = await engine.survey.objectsSizeBytes()
  const depth = sizeBytes <= readAllBytesMax ? 'all' : 'connectivity'
  const startedMs = clock.monotonicMs()
  const result = await engine.survey.integrity(depth, deadlineMs)
  if (result.kind === 'failed') throw new SyncError('repository', result.failure.detail, result.failure.hint)
  if (result.kind === 'whole' && clock.monotonicMs() - startedMs >= rememberedFromMs && existsSync(stateDir)) {
    remember(stateDir, { checkedAtMs: nowMs, depth, sizeBytes })
  }
  return { result, depth, checkedAtMs: nowMs, sizeBytes, deadlineMs, remote }
}

function pathOf(stateDir: string): string {
  return join(stateDir, 'fsck.json')
}

function remembered(stateDir: string): z.infer<typeof memo> | null {
  try {
    return memo.safeParse(JSON.parse(wholeFile.read(pathOf(stateDir)) ?? 'null')).data ?? null
  } catch {
    return null
  }
}

function remember(stateDir: string, value: z.infer<typeof memo>): void {
  try {
    wholeFile.write(pathOf(stateDir), `${JSON.stringify(value)}\n`, false)
  } catch {
    // Then it is checked again next time.
  }
}
