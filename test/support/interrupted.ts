import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Parts } from '../../src/daemon/board.ts'
import { createEvidence } from '../../src/evidence/evidence.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { memoryState } from './memory-state.ts'
import { openEngine } from './open-engine.ts'
import type { TempRepo } from './temp-repo.ts'

export const ref = 'refs/heads/main'

/** A commit of somebody else's, on no branch here, made from what lies in the work tree. */
export function theirsOf(repo: TempRepo, change: () => void): string {
  repo.git('switch', '-q', '--detach')
  change()
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'theirs')
  const oid = repo.git('rev-parse', 'HEAD')
  repo.git('switch', '-q', '--force', 'main')
  return oid
}

export async function here(repo: TempRepo, state = memoryState()) {
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  const parts = {
    engine,
    evidence: createEvidence(engine, systemClock),
    state,
    config: { guard: { maxFileSizeBytes: 1024 } },
    ownWrites: { wrote: () => {} },
    clock: systemClock,
  } as unknown as Parts
  return { parts, state }
}

export const read = (repo: TempRepo, name: string): string | null => {
  const file = join(repo.root, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
