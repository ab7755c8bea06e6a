import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild, type Child, type Finishing } from './child.ts'
import { addRemote, gitEnvironment, makeRepo, type TempRepo } from './temp-repo.ts'

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
  test.onTestFinished(() => rmSync(base, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))
  return workspaceOf(test, repo, addRemote(repo))
}

/** For a work tree that a test has made itself. */
export function workspaceOf(test: Finishing, repo: TempRepo, remote: TempRepo): Workspace {
  const base = dirname(repo.root)
  const env = environmentIn(base)
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
    ...remoteView(remote),
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

/** Cheap to ask again and again: git is only asked when the branch has moved. */
function remoteView(remote: TempRepo): Pick<Workspace, 'onRemote' | 'remotePaths'> {
  let seen = ''
  let contents = new Map<string, string | null>()
  let paths: readonly string[] | null = null
  const refresh = (): boolean => {
    const tip = looseTip(remote) ?? remote.git('for-each-ref', '--format=%(objectname)', 'refs/heads/main')
    if (tip !== seen) [seen, contents, paths] = [tip, new Map(), null]
    return tip !== ''
  }
  return {
    onRemote(path) {
      if (!refresh()) return null
      if (!contents.has(path)) contents.set(path, blobOf(remote, `${seen}:${path}`))
      return contents.get(path) ?? null
    },
    remotePaths() {
      if (!refresh()) return []
      paths ??= remote.git('ls-tree', '-r', '-z', '--name-only', seen).split('\0').filter(Boolean)
      return paths
    },
  }
}

function looseTip(remote: TempRepo): string | null {
  try {
    return readFileSync(join(remote.root, 'refs', 'heads', 'main'), 'utf8').trim()
  } catch {
    return null
  }
}

function blobOf(remote: TempRepo, spec: string): string | null {
  try {
    return execFileSync('git', ['cat-file', 'blob', spec], {
      cwd: remote.root,
      env: gitEnvironment,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    })
  } catch {
    return null
  }
}
