import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathText, type Oid, type PathBytes } from '../types.ts'
import { gitEnvironment } from './environment.ts'
import { failureOf, repositoryError } from './failures.ts'
import { fields } from './parse.ts'
import { createGit } from './run.ts'

const deadlineMs = 120_000
const branch = 'main'

/** One commit as the remote has it. */
export interface RemoteCommit {
  readonly oid: Oid
  readonly paths: readonly string[]
}

/** A work tree and its bare remote, of nobody's and for nobody: for showing and for measuring. */
export interface Scratch {
  readonly work: string
  /** The bare repository that `origin` names. */
  readonly remote: string
  /** Leads neither git nor this program to the user's own configuration, identity or repositories. */
  readonly environment: Readonly<Record<string, string>>
  /** `git add`, `git commit` and the first `git push` of everything that lies in the work tree. */
  begin(): Promise<void>
  /** `git commit --only` of one tracked file, then `git push`: what a person would type. */
  commitAndPush(path: string): Promise<void>
  /** Asked of the remote, oldest first; what `begin` pushed is left out. */
  remoteCommits(): Promise<readonly RemoteCommit[]>
  gitVersion(): Promise<string>
}

/**
 * Makes an empty work tree with an empty bare remote inside `folder`, which is the caller's to remove.
 * @param given the environment to take the way to git from.
 * @throws SyncError as `openRepository`; the system's error when the folder cannot be written.
 */
export async function makeScratch(
  folder: string,
  given: Readonly<Record<string, string | undefined>>,
): Promise<Scratch> {
  const work = join(folder, 'work')
  const remote = join(folder, 'remote.git')
  const environment = scratchEnvironment(folder, given)
  for (const directory of [work, environment.HOME]) mkdirSync(directory)
  const git = async (cwd: string, ...args: readonly string[]): Promise<Buffer> => {
    const answer = await createGit(cwd, gitEnvironment(environment)).run({ args, deadlineMs })
    if (answer.code !== 0) throw repositoryError(failureOf(args[0] ?? '', answer))
    return answer.stdout
  }
  await git(folder, 'init', '-q', '--bare', '--initial-branch', branch, remote)
  await git(work, 'init', '-q', '--initial-branch', branch)
  await git(work, 'config', 'user.name', 'Somebody')
  await git(work, 'config', 'user.email', 'somebody@example.invalid')
  // A collection of its own in the background would outlive the folder.
  await git(work, 'config', 'gc.auto', '0')
  await git(work, 'remote', 'add', 'origin', remote)
  const first = { oid: '' }
  return {
    work,
    remote,
    environment,
    async begin() {
      await git(work, 'add', '--all')
      await git(work, 'commit', '-q', '--allow-empty', '-m', 'as it was before')
      await git(work, 'push', '-q', '--set-upstream', 'origin', branch)
      first.oid = (await git(work, 'rev-parse', 'HEAD')).toString('latin1').trim()
    },
    async commitAndPush(path) {
      await git(work, 'commit', '-q', '--only', '-m', 'by hand', '--', path)
      await git(work, 'push', '-q')
    },
    async remoteCommits() {
      const args = ['log', '--reverse', '--format=%x00%H', '--name-only', '-z', `${first.oid}..${branch}`]
      return commitsOf(fields(await git(remote, ...args)))
    },
    async gitVersion() {
      return (await git(work, 'version'))
        .toString('utf8')
        .trim()
        .replace(/^git version /, '')
    },
  }
}

function scratchEnvironment(
  folder: string,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> & { readonly HOME: string } {
  const kept = Object.entries(given).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(?:GIT|XDG|WORKSPACE_SYNC|SSH)_/.test(entry[0]),
  )
  const home = join(folder, 'home')
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  }
}

/** An empty field stands before each id; the first path of a commit follows the line end behind it. */
function commitsOf(parts: readonly string[]): readonly RemoteCommit[] {
  const commits: { oid: Oid; paths: string[] }[] = []
  for (const [at, part] of parts.entries()) {
    if (part === '') continue
    if (parts[at - 1] === '' || at === 0) commits.push({ oid: part, paths: [] })
    else commits.at(-1)?.paths.push(pathText(part.replace(/^\n/, '') as PathBytes))
  }
  return commits
}
