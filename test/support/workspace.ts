import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errnoOf } from '../../src/errors.ts'
import { branchView } from './branch-view.ts'
import { startChild, type Child, type Finishing } from './child.ts'
import { addRemote, gitEnvironment, makeRepo, openRepoAt, runGit, type TempRepo } from './temp-repo.ts'
import { until } from './until.ts'

export const program = fileURLToPath(new URL('../../bin/workspace-sync.js', import.meta.url))

/** A work tree, its remote and a home of their own, removed when the test is over. */
export interface Workspace {
  readonly test: Finishing
  readonly root: string
  readonly repo: TempRepo
  readonly remote: TempRepo
  readonly env: Readonly<Record<string, string>>
  /** The user's configuration. */
  readonly configDir: string
  readonly stateDir: string
  /** The built program's command line, in the work tree. */
  command(args: readonly string[], input?: string | Buffer): Child
  run(args: readonly string[], input?: string | Buffer): Promise<Answer>
  /** Content of a path on the remote's branch `main`; null: not there. */
  onRemote(path: string): string | null
  /** Every path on the remote's branch `main`. */
  remotePaths(): readonly string[]
}

export interface Answer {
  readonly code: number | NodeJS.Signals
  readonly out: string
  readonly err: string
}

export function makeWorkspace(
  test: Finishing,
  files: Readonly<Record<string, string>> = { 'first.md': 'first\n' },
): Workspace {
  const repo = makeRepo(files)
  const base = dirname(repo.root)
  test.onTestFinished(() => removeAll(base))
  return workspaceOf(test, repo, addRemote(repo))
}

/** Somebody else's clone beside the workspace. */
export function cloneOf(workspace: Workspace): TempRepo {
  const root = join(dirname(workspace.root), 'colleague')
  runGit(dirname(workspace.root), ['clone', '-q', workspace.remote.root, root])
  return openRepoAt(root)
}

/** A git that outlives its killed daemon for a moment may still make files: what is there is looked at anew each time. */
async function removeAll(base: string): Promise<void> {
  await until('nobody writes there any more', () => {
    try {
      rmSync(base, { recursive: true, force: true })
      return true
    } catch (error) {
      if (errnoOf(error) === 'ENOTEMPTY') return false
      throw error
    }
  })
}

/** For a work tree that a test has made itself. */
export function workspaceOf(test: Finishing, repo: TempRepo, remote: TempRepo): Workspace {
  const base = dirname(repo.root)
  const env = environmentIn(base)
  const there = branchView(remote, remote.root)
  const command: Workspace['command'] = (args, input) =>
    startChild(test, [process.execPath, program, ...args], {
      cwd: repo.root,
      env,
      ...(input === undefined ? {} : { input }),
    })
  return {
    test,
    root: repo.root,
    repo,
    remote,
    env,
    command,
    onRemote: there.content,
    remotePaths: there.paths,
    configDir: join(base, 'config', 'workspace-sync'),
    stateDir: join(repo.root, '.git', 'workspace-sync'),
    async run(args, input) {
      const child = command(args, input)
      const code = await child.ended
      return { code, out: child.out(), err: child.err() }
    },
  }
}

/** Nothing of whoever runs the tests: no configuration, no running daemon's directory, no signing, no prompt. */
function environmentIn(base: string): Readonly<Record<string, string>> {
  const env = { ...gitEnvironment, HOME: join(base, 'home') }
  mkdirSync(join(base, 'config', 'workspace-sync', 'filters'), { recursive: true })
  const places = { XDG_CONFIG_HOME: join(base, 'config'), XDG_RUNTIME_DIR: join(base, 'run') }
  for (const directory of [env.HOME, places.XDG_CONFIG_HOME, places.XDG_RUNTIME_DIR]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  }
  return { ...env, ...places }
}
