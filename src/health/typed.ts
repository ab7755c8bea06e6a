import { shellWord } from '../shell.ts'

export interface Typed {
  readonly program: string
  readonly git: string
  /** In front of a path from the root, for programs that are told of no workspace. */
  readonly below: string
}

/** How commands with paths from the root are typed where the user is: in a folder below it they mean something else. */
export function typedIn(cwd: string, root: string): Typed {
  const where = cwd === root ? '' : ` -C ${shellWord(root)}`
  return { program: `workspace-sync${where}`, git: `git${where}`, below: cwd === root ? '' : `${root}/` }
}
