/** Another clone of the same remote, where somebody edits and pushes by hand. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { git } from '../machines/clone.ts'
import { createPerson } from '../machines/person.ts'
import type { drawing } from '../soak/ground.ts'
import { gitEnvironment } from '../support/temp-repo.ts'
import type { Stage } from './stage.ts'

export interface Elsewhere {
  readonly root: string
  /** Some edits, committed and pushed. What the remote does not take stays for the next time. */
  push(): Promise<void>
  pushed(): number
  marks(): readonly string[]
}

const run = promisify(execFile)
/** Whose push is rejected more often tries again later. */
const triesMax = 3
/** Far from the numbers of the marks that are made here. */
const firstMark = 1_000_000

export function openElsewhere(
  { folder, address }: Stage,
  draw: ReturnType<typeof drawing>,
  isOthers: (path: string) => boolean,
): Elsewhere {
  const root = join(folder, 'elsewhere')
  git(folder, 'clone', '-q', address, root)
  const person = createPerson(draw, isOthers)
  let pushed = 0
  let edits = firstMark
  /** @returns whether it went well */
  const tried = (...args: readonly string[]): Promise<boolean> =>
    run('git', ['-C', root, ...args], { env: gitEnvironment }).then(
      () => true,
      () => false,
    )
  const mergeTheirs = async (): Promise<void> => {
    const before = git(root, 'rev-parse', 'origin/main')
    await tried('fetch', '-q')
    // Somebody put another history there: whoever hears of it does not push the old one back.
    if (!(await tried('merge-base', '--is-ancestor', before, 'origin/main')))
      await tried('reset', '-q', '--hard', '@{u}')
    if (await tried('pull', '-q', '--no-rebase', '--no-edit', '-X', 'ours')) return
    // A file that one side changed and the other took away: it stays.
    await tried('add', '-A')
    await tried('commit', '-q', '--no-edit')
  }
  return {
    root,
    async push() {
      for (let count = 1 + Math.floor(draw.random() * 3); count > 0; count--) person.edit(root, edits++)
      await tried('add', '-A')
      await tried('commit', '-q', '-m', 'made elsewhere')
      for (let tries = 0; tries < triesMax; tries++) {
        await mergeTheirs()
        if (!(await tried('push', '-q', 'origin', 'main'))) continue
        pushed += 1
        return
      }
    },
    pushed: () => pushed,
    marks: person.marks,
  }
}
