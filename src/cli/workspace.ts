import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export interface Workspace {
  readonly root: string
  /** Where the daemon of this work tree keeps its state; it may not exist yet. */
  readonly stateDir: string
}

/**
 * The work tree around an absolute directory, found in files alone: starting git costs more than all else that a
 * question to the daemon needs. @returns null outside of one, and in a bare repository.
 */
export function findWorkspace(directory: string): Workspace | null {
  for (let at = directory; ; at = dirname(at)) {
    const gitDir = gitDirectory(join(at, '.git'))
    if (gitDir !== null) return { root: at, stateDir: join(gitDir, 'workspace-sync') }
    if (at === dirname(at)) return null
  }
}

/** `.git` is the git directory, or in a linked work tree or a submodule a file that names it. */
function gitDirectory(path: string): string | null {
  const gitDir = isDirectory(path) ? path : namedDirectory(path)
  // git passes over a directory without HEAD, such as an empty `.git` that something left behind.
  return gitDir !== null && exists(join(gitDir, 'HEAD')) ? gitDir : null
}

function namedDirectory(path: string): string | null {
  try {
    if (!statSync(path).isFile()) return null
    const name = /^gitdir: ([^\n]+)/.exec(readFileSync(path, 'utf8'))?.[1]
    return name === undefined ? null : resolve(dirname(path), name)
  } catch {
    return null
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
