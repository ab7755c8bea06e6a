import { join } from 'node:path'
import type { GitEngine } from '../engine.ts'
import type { Workbench } from '../workbench.ts'
import type { Condition } from './conditions.ts'
import { createEmbeddedEngine } from './engine.ts'
import { withoutGit } from './needs-git.ts'
import { embeddedConditions } from './probe.ts'
import { createFileSettings } from './settings.ts'
import { createTransfer } from './transfer.ts'

/** In a repository that the probe let pass; `scratch` takes new objects where nothing may be written. */
export function openEmbedded(
  bench: Omit<Workbench, 'git' | 'settings'>,
  environment: Readonly<Record<string, string | undefined>>,
  scratch: string | null,
  forTests: { readonly transferEntry?: URL; readonly conditions?: () => readonly Condition[] },
): GitEngine {
  const { gitDir, root } = bench.repository
  return createEmbeddedEngine(
    { ...bench, git: withoutGit, settings: createFileSettings(bench.disk, bench.repository, environment) },
    {
      environment,
      written: scratch ?? join(gitDir, 'objects'),
      transfer: createTransfer(bench, forTests.transferEntry),
      conditions: forTests.conditions ?? (() => embeddedConditions({ root, gitDir, isLinked: false }, environment)),
    },
  )
}
