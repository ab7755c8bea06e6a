import { basename, dirname, join } from 'node:path'
import { processes } from '../platform/platform.ts'
import type { Disk } from './disk.ts'
import type { Repository } from './engine.ts'

/** They only answer, or write objects. */
const helpers: ReadonlySet<string> = new Set(['cat-file', 'hash-object', 'check-attr', 'check-ignore'])
/** Parents in a row that are asked. */
const lineMax = 64

/**
 * Programs called git that are at work in this repository, in any of its work trees. git closes a lock's file while an
 * editor is open, so that its descriptors say nothing; its children keep the directory it was started in, or are told
 * the git directory by name. What this process has started is not among them. null: this system does not say.
 */
export function gitsAtWork(
  disk: Pick<Disk, 'list' | 'read'>,
  repository: Repository,
): readonly { readonly pid: number; readonly command: string }[] | null {
  const { table } = processes
  const pids = table.pids()
  if (pids.length === 0) return null
  const places = placesOf(disk, repository)
  return pids.flatMap((pid) => {
    const program = table.program(pid)
    if (program === null) return []
    const command = basename(program.executable)
    if ((command !== 'git' && !command.startsWith('git-')) || isHelper(program.args) || isOurChild(pid)) return []
    const cwd = program.directory()
    const named = [...program.args, table.variable(pid, 'GIT_DIR') ?? '']
    const isHere = places.some((place) => `${cwd}/`.startsWith(`${place}/`) || named.some((one) => one.includes(place)))
    return isHere ? [{ pid, command }] : []
  })
}

function placesOf(
  { list, read }: Pick<Disk, 'list' | 'read'>,
  { root, gitDir, commonDir }: Repository,
): readonly string[] {
  const worktrees = join(commonDir, 'worktrees')
  const others = list(worktrees).flatMap((name) => {
    const file =
      read(join(worktrees, name, 'gitdir'))
        ?.toString('utf8')
        .trim() ?? ''
    return file.startsWith('/') ? [dirname(file)] : []
  })
  return [root, gitDir, commonDir, ...(basename(commonDir) === '.git' ? [dirname(commonDir)] : []), ...others]
}

/** A helper that a daemon, an editor or a forge keeps for questions: it may live for days and takes no lock. */
function isHelper(args: readonly string[]): boolean {
  const verb = args.find((arg, at) => at > 0 && !arg.startsWith('-') && !/^-[cC]$/.test(args[at - 1] ?? ''))
  return verb !== undefined && helpers.has(verb)
}

function isOurChild(pid: number): boolean {
  let at = pid
  for (let depth = 0; depth < lineMax && at > 1; depth++) {
    if (at === process.pid) return true
    at = processes.table.stat(at)?.parent ?? 0
  }
  return false
}
