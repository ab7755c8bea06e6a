import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { undo, type UndoAnswer } from '../../src/daemon/undo.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { createOwnWrites } from '../../src/witness/witness.ts'
import { memoryJournal, openEngine } from './open-engine.ts'
import { makeRepo, type TempRepo } from './temp-repo.ts'

let ids = 0

export interface UndoPlace {
  readonly repo: TempRepo
  readonly engine: GitEngine
  /** All that lies there, as the daemon would commit it. */
  commit(host?: string): string
  undo(name?: string | null, dryRun?: boolean): Promise<UndoAnswer>
  read(path: string): string | null
}

export async function undoPlace(files: Readonly<Record<string, string>>): Promise<UndoPlace> {
  const repo = makeRepo(files)
  onTestFinished(() => repo.dispose())
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  return {
    repo,
    engine,
    commit(host = 'h.1') {
      repo.git('add', '-A')
      repo.git('commit', '-q', '-m', 'sync: x', '-m', `Workspace-Sync-Id: ${ids++}\nWorkspace-Sync-Host: ${host}`)
      return repo.git('rev-parse', 'HEAD')
    },
    undo(name = null, dryRun = false) {
      const id = `undo-${ids++}`
      const parts = {
        engine,
        clock: systemClock,
        journal: memoryJournal(),
        ownWrites: createOwnWrites(),
        id,
        note: () => {},
        hosts: ['h.1', 'before'],
      }
      return undo(parts, name, dryRun)
    },
    read: (path) => (existsSync(join(repo.root, path)) ? readFileSync(join(repo.root, path), 'utf8') : null),
  }
}
