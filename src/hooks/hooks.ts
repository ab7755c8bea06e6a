/** Hooks that others call: installed beside what is there, and taken away again without a trace. */
import { join } from 'node:path'
import type { GitEngine } from '../git/git.ts'
import type { HookKind, HookPlace } from './kind.ts'
import { prePush } from './pre-push.ts'

export type { HookKind, HookLook, HookPlace, Installed, Removed } from './kind.ts'

/** In the order in which they are named to people. */
export const hookKinds: readonly HookKind[] = [prePush]

export async function hookPlace({ repository, survey }: GitEngine): Promise<HookPlace> {
  const { root, commonDir } = repository
  return { directory: await survey.hooksDirectory(), ownDirectory: join(commonDir, 'hooks'), root, commonDir }
}
