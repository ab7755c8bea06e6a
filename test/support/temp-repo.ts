import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Git as it behaves everywhere: fixed identity and clock zone, no configuration of this machine. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  TZ: 'UTC',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A. Tester',
  GIT_AUTHOR_EMAIL: 'tester@example.invalid',
  GIT_COMMITTER_NAME: 'A. Tester',
  GIT_COMMITTER_EMAIL: 'tester@example.invalid',
  GIT_TERMINAL_PROMPT: '0',
}

export interface TempRepo {
  readonly root: string
  /** Output without the last line end. @throws when git exits with another code than 0. */
  git(...args: readonly string[]): string
  gitBytes(args: readonly string[], input?: string | Buffer): Buffer
  write(path: string, text: string | Buffer): void
  /** The bytes of a path in a commit, as text. */
  show(spec: string): string
  dispose(): void
}

export function runGit(cwd: string, args: readonly string[], input: string | Buffer = ''): Buffer {
  return execFileSync('git', [...args], {
    cwd,
    input,
    env: gitEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 2 ** 30,
  })
}

/** A folder of its own for one test. */
export function tempDirectory(): { readonly path: string; dispose(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'sync-test-')))
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) }
}

export function openRepoAt(root: string, dispose: () => void = () => undefined): TempRepo {
  const gitBytes = (args: readonly string[], input?: string | Buffer) => runGit(root, args, input)
  const git = (...args: readonly string[]) => gitBytes(args).toString('utf8').replace(/\n$/, '')
  return {
    root,
    git,
    gitBytes,
    dispose,
    show: (spec) => gitBytes(['cat-file', 'blob', spec]).toString('utf8'),
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    },
  }
}

/** A repository on branch `main` with these files in its first commit; without files it is unborn. */
export function makeRepo(
  files: Readonly<Record<string, string>> = {},
  options: { readonly objectFormat?: 'sha1' | 'sha256' } = {},
): TempRepo {
  const place = tempDirectory()
  const repo = openRepoAt(join(place.path, 'work'), () => place.dispose())
  mkdirSync(repo.root)
  repo.git('init', '-q', '-b', 'main', `--object-format=${options.objectFormat ?? 'sha1'}`)
  for (const [path, text] of Object.entries(files)) repo.write(path, text)
  if (Object.keys(files).length > 0) {
    repo.git('add', '-A')
    repo.git('commit', '-q', '-m', 'first')
  }
  return repo
}

/** Somebody else's commit on a remote's branch `main`, from a clone beside it. @returns its id */
export function commitElsewhere(remote: TempRepo): string {
  const beside = dirname(remote.root)
  const other = openRepoAt(join(beside, 'other'))
  if (!existsSync(other.root)) runGit(beside, ['clone', '-q', remote.root, 'other'])
  other.git('commit', '-q', '--allow-empty', '-m', 'theirs')
  other.git('push', '-q')
  return other.git('rev-parse', 'HEAD')
}

/** A bare repository beside the work tree, as its `origin`, with the branch pushed when there is one. */
export function addRemote(repo: TempRepo): TempRepo {
  const root = join(dirname(repo.root), 'remote.git')
  const format = repo.git('rev-parse', '--show-object-format')
  runGit(dirname(repo.root), ['init', '-q', '--bare', '-b', 'main', `--object-format=${format}`, root])
  repo.git('remote', 'add', 'origin', root)
  if (repo.git('for-each-ref', 'refs/heads/main') !== '') repo.git('push', '-q', '-u', 'origin', 'main')
  else {
    repo.git('config', 'branch.main.remote', 'origin')
    repo.git('config', 'branch.main.merge', 'refs/heads/main')
  }
  return openRepoAt(root)
}
