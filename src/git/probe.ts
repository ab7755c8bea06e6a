import { join } from 'node:path'
import { SyncError } from '../errors.ts'
import type { Repository } from './engine.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { Git } from './run.ts'

/** `hook run`, `cat-file --batch-command` and `merge-tree --write-tree` are all there from here on. */
const versionMin = [2, 38] as const
const probeMs = 30_000

/** A path may hold a newline: only when there are exactly as many lines as questions can the answers be told apart. */
const questions = [
  ['--is-bare-repository'],
  ['--show-object-format'],
  ['--absolute-git-dir'],
  ['--path-format=absolute', '--git-common-dir'],
  ['--path-format=absolute', '--git-path', 'index'],
  ['--show-toplevel'],
] as const

/**
 * Looks at the repository around a directory.
 * @throws SyncError `system`: git missing or too old; `repository`: none here, bare, or another user's.
 */
export async function probeRepository(git: Git, directory: string): Promise<Repository> {
  const [all, kept] = await Promise.all([
    git.run({ args: ['rev-parse', ...questions.flat()], deadlineMs: probeMs }),
    git.run({ args: ['config', '--type=bool', '--get-regexp', '^core\\.(filemode|symlinks)$'], deadlineMs: probeMs }),
    checkVersion(git),
  ])
  // Of several the last counts.
  const settings = new Map(
    kept.stdout
      .toString('latin1')
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  )
  const lines = all.stdout.toString('utf8').split('\n').slice(0, -1)
  const isClear = all.code === 0 && lines.length === questions.length
  const [bare, format, gitDir = '', commonDir = '', indexPath = '', root = ''] = isClear
    ? lines
    : await askEach(git, directory)
  if (bare === 'true') throw bareError(directory)
  if (root.includes('\uFFFD')) {
    throw new SyncError('repository', `the name of ${root} is not UTF-8`, 'rename the directory, or mount it elsewhere')
  }
  return {
    root,
    gitDir,
    commonDir,
    indexPath,
    stateDir: join(gitDir, 'workspace-sync'),
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    fileMode: settings.get('core.filemode') !== 'false',
    links: settings.get('core.symlinks') !== 'false',
  }
}

async function askEach(git: Git, directory: string): Promise<readonly string[]> {
  const answers: string[] = []
  for (const question of questions) {
    answers.push(await ask(git, question, directory))
    if (answers[0] === 'true') throw bareError(directory)
  }
  return answers
}

function bareError(directory: string): SyncError {
  return new SyncError('repository', `${directory} is a bare repository`, 'name a directory with a work tree')
}

async function checkVersion(git: Git): Promise<void> {
  const answer = await git.run({ args: ['version'], deadlineMs: probeMs })
  if (answer.code !== 0) throw repositoryError(failureOf('version', answer))
  const text = answer.stdout.toString('utf8').trim()
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text)?.slice(1) ?? []).map(Number)
  if (major > versionMin[0] || (major === versionMin[0] && minor >= versionMin[1])) return
  throw new SyncError('system', `${text} is too old`, `install git ${versionMin.join('.')} or later`)
}

async function ask(git: Git, question: readonly string[], directory: string): Promise<string> {
  const answer = await git.run({ args: ['rev-parse', ...question], deadlineMs: probeMs })
  if (answer.code === 0) return answer.stdout.toString('utf8').replace(/\n$/, '')
  if (/not a git repository/.test(answer.stderr)) {
    throw new SyncError('repository', `${directory} is not in a git work tree`, 'go to one, or run: git init')
  }
  if (/must be run in a work tree/.test(answer.stderr)) {
    throw new SyncError('repository', `${directory} is inside a git directory`, 'name a directory of the work tree')
  }
  throw repositoryError(failureOf('rev-parse', answer))
}
