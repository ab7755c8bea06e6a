/** What the plays ask of a clone when they look at what became of it. */
import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { gitEnvironment } from '../support/temp-repo.ts'

/** Settings of a daemon that does everything at once, and as often as wanted. */
export const hastySets = [
  'debounce.immediate=100ms',
  'debounce.code=150ms',
  'debounce.default=200ms',
  'limits.commitsPerHour=1000000',
  'limits.commitsPerDay=1000000',
  // Nobody here writes in a loop.
  'rules.default=ALLOW',
  'pull.interval=500ms',
  'retry.delays=["300ms"]',
  'retry.max=2s',
  'guard.massDeletionFiles=1000000',
] as const

/** Output without white space around it. @throws when git exits with another code than 0. */
export function git(directory: string, ...args: readonly string[]): string {
  return gitWith('', directory, ...args)
}

/** The same, while this process goes on. @throws when git exits with another code than 0. */
export async function gitBeside(directory: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execFileBeside('git', ['-C', directory, ...args], { env: gitEnvironment })
  return stdout.trim()
}

const execFileBeside = promisify(execFile)

function gitWith(input: string, directory: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', directory, ...args], {
    encoding: 'utf8',
    input,
    env: gitEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 2 ** 30,
  }).trim()
}

/**
 * Every mark in any file of any commit that any ref of any of these repositories reaches.
 * @param also more of `rev-list` than refs, such as `--reflog`
 */
export function reachableMarks(roots: readonly string[], also: readonly string[] = []): ReadonlySet<string> {
  const marks = new Set<string>()
  for (const root of roots) {
    const objects = git(root, 'rev-list', '--objects', '--all', ...also)
      .split('\n')
      .map((line) => line.slice(0, 40))
    const all = execFileSync('git', ['-C', root, 'cat-file', '--batch', '--buffer'], {
      input: `${objects.join('\n')}\n`,
      maxBuffer: 2 ** 31 - 1,
    })
    for (const [mark] of all.toString('latin1').matchAll(/mark-\d+-\d+/g)) marks.add(mark)
  }
  return marks
}

/** Automatic commits of a branch that say nothing, or say something a second time. */
export function repeatedCommits(root: string, branch: string): readonly string[] {
  const commits = git(
    root,
    'log',
    '--format=%H%x00%P%x00%T%x00%(trailers:key=Workspace-Sync-Id,valueonly,separator=)',
    branch,
  )
    .split('\n')
    .map((line) => line.split('\0'))
  const trees = new Map(commits.map(([oid = '', , tree = '']) => [oid, tree]))
  const isAutomatic = new Set(commits.flatMap(([oid = '', , , id = '']) => (id === '' ? [] : [oid])))
  const faults: string[] = []
  const ids = new Set<string>()
  for (const [oid = '', parents = '', tree, id = ''] of commits) {
    if (id === '') continue
    if (ids.has(id)) faults.push(`${oid}: a second commit of ${id}`)
    ids.add(id)
    if (tree === trees.get(parents)) faults.push(`${oid}: changes nothing`)
  }
  const patches = new Map<string, string>()
  const patchIds = gitWith(git(root, 'log', '-p', '--no-merges', branch), root, 'patch-id', '--stable')
  for (const line of patchIds.split('\n').filter(Boolean)) {
    const [patch = '', oid = ''] = line.split(' ')
    const other = patches.get(patch)
    if (other !== undefined && isAutomatic.has(oid)) faults.push(`${oid}: the same change as ${other}`)
    patches.set(patch, oid)
  }
  return faults
}
