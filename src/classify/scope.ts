import type { ScopeFault } from '../types.ts'
import { gathered, type Layer } from './layers.ts'

const words: Readonly<Record<ScopeFault, string>> = {
  outside: 'lies outside the workspace',
  'git-directory': 'lies in a git directory',
  'nested-repository': 'belongs to a repository inside the workspace, which keeps its own history',
  'through-symlink': 'is reached through a symbolic link',
  ignored: 'is untracked and ignored by git',
  hidden: 'is one that git was told to look away from (sparse checkout, or update-index --assume-unchanged)',
  directory: 'is a directory; git keeps files only, so ask about a file in it',
  special: 'is a FIFO, socket or device, which git cannot hold',
}

/** Asks whether the path can be a change at all. */
export const scopeLayer: Layer = {
  name: 'scope',
  *ask(evidence) {
    const { scope } = yield* gathered(evidence, 'scope')
    if (scope === null) return { outcome: 'next', detail: 'lies in the workspace' }
    return { outcome: 'block', detail: `not a change: ${words[scope]}` }
  },
}
