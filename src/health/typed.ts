import { shellWord } from './words.ts'

/** How commands are typed so that they find a workspace from where the user is. */
export function typedIn(cwd: string, root: string): { readonly program: string; readonly git: string } {
  const isInside = cwd === root || cwd.startsWith(`${root}/`)
  const where = isInside ? '' : ` -C ${shellWord(root)}`
  return { program: `workspace-sync${where}`, git: `git${where}` }
}
