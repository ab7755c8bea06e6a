import type { PathBytes } from '../types.ts'
import type { AutomaticCommit, CommitSummary, History } from './engine.ts'
import { withoutLazyFetch } from './lazy-fetch.ts'
import { failureOf, repositoryError } from './failures.ts'
import { fields } from './parse.ts'
import { rawChanges } from './raw-changes.ts'
import type { GitAnswer } from './run.ts'
import { ownCommits, type Workbench } from './workbench.ts'

/** Commits ahead of the remote that are told apart one by one; with more of them nothing is said. */
const unpushedMax = 10_000

const trailer = (key: string): string => `%(trailers:key=Workspace-Sync-${key},valueonly,separator=%x2C)`

/** Commits whose message only quotes a trailer, looked over before a real one must have been found. */
const quotingMax = 100

/** Nothing of the user's settings may change what is printed or found. */
const log = ['-c', 'log.follow=false', '-c', 'i18n.logOutputEncoding=UTF-8', 'log', '-z', '--no-show-signature']

/** A line each, the subject last: it is one line too. */
const format = ['%H', '%P', '%ct', trailer('Id'), trailer('Host'), trailer('Writer'), trailer('Undoes'), '%s'].join(
  '%n',
)

/** What git itself remembers of commits: true without any other memory. */
export function createHistory(bench: Workbench): History {
  const ask = (args: readonly string[], input = '', environment = {}): Promise<GitAnswer> =>
    bench.git.run({ args, input: Buffer.from(input, 'latin1'), environment, deadlineMs: bench.deadlines.treeMs })
  const demand = (verb: string, answer: GitAnswer): GitAnswer => {
    if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf(verb, answer))
    return answer
  }
  return {
    async automaticCommits(tip, paths, max) {
      const args = [...log, `--max-count=${max}`, ...ownCommits, `--format=${format}`]
      const limited = limitedTo(paths)
      if (limited === null) return []
      const answer = demand('log', await ask([...args, '--stdin'], [tip, ...limited].join('\n')))
      // A message may only quote the trailer.
      return fields(answer.stdout).flatMap((text) => automaticOf(text) ?? [])
    },
    async lastOfClone(tip, hosts) {
      const greps = hosts.map((host) => `--grep=^Workspace-Sync-Host: ${literally(host)}$`)
      if (greps.length === 0) return null
      const args = [...log, `--max-count=${quotingMax}`, '--basic-regexp', ...greps, `--format=${format}`, tip, '--']
      const found = fields(demand('log', await ask(args)).stdout).flatMap((text) => automaticOf(text) ?? [])
      return found.find(({ host }) => host !== null && hosts.includes(host)) ?? null
    },
    async commit(name) {
      const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
      const found = await ask(args, '', withoutLazyFetch)
      if (found.code === 1 && found.fault === null) return null
      demand('rev-parse', found)
      const oid = found.stdout.toString('latin1').trim()
      const answer = demand('log', await ask([...log, '-1', `--format=${format}`, oid]))
      return parsed(fields(answer.stdout)[0] ?? '')
    },
    async changesOf(commit) {
      const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-commit-id', '--root', '--raw', commit]
      return rawChanges(fields(demand('diff-tree', await ask(args)).stdout))
    },
    async renamesIn(commit) {
      const shown = ['--no-commit-id', '--root', '--name-status', '--diff-filter=R']
      const args = ['diff-tree', '-r', '-z', '-M', ...shown, commit]
      return renamesAmong(fields(demand('diff-tree', await ask(args)).stdout))
    },
    async isAncestor(commit, tip) {
      const answer = await ask(['merge-base', '--is-ancestor', commit, tip], '', withoutLazyFetch)
      // Only 0 and 1 are answers: a git that could not be asked has not said no.
      return answer.code === 1 && answer.fault === null ? false : demand('merge-base', answer).code === 0
    },
    async unpushed(ref) {
      const upstream = demand('for-each-ref', await ask(['for-each-ref', '--format=%(upstream)', ref]))
      const tracking = upstream.stdout.toString('utf8').trim()
      if (tracking === '') return null
      const answer = await ask(['rev-list', `--max-count=${unpushedMax + 1}`, ref, '--not', tracking, '--'])
      // What is followed may never have been fetched or pushed.
      if (answer.code !== 0) return null
      const oids = answer.stdout.toString('latin1').split('\n').filter(Boolean)
      return oids.length > unpushedMax ? null : new Set(oids)
    },
  }
}

/** For a basic regular expression. */
function literally(text: string): string {
  return text.replace(/[\\^$.*[\]]/g, String.raw`\$&`)
}

/** Lines for `--stdin`, which takes names as bytes. null: a name that no line can hold. */
function limitedTo(paths: readonly PathBytes[]): readonly string[] | null {
  if (paths.some((path) => path.includes('\n'))) return null
  return paths.length === 0 || paths.includes('' as PathBytes)
    ? []
    : ['--', ...paths.map((path) => `:(literal,top)${path}`)]
}

function parsed(latin1: string): CommitSummary | null {
  const text = Buffer.from(latin1, 'latin1').toString('utf8')
  const [oid = '', parents = '', seconds = '', id = '', host = '', writer = '', undoes = '', ...subject] =
    text.split('\n')
  if (oid === '') return null
  return {
    oid,
    parents: parents.split(' ').filter(Boolean),
    atMs: Number(seconds) * 1_000,
    subject: subject.join(' '),
    id: id === '' ? null : id,
    host: host === '' ? null : host,
    writer: writer === '' ? null : writer,
    undoes: undoes === '' ? null : undoes,
  }
}

function automaticOf(text: string): AutomaticCommit | null {
  const commit = parsed(text)
  return commit?.id == null ? null : { ...commit, id: commit.id }
}

/** Letter NUL path NUL path NUL, again and again. */
function renamesAmong(parts: readonly string[]): readonly { readonly from: PathBytes; readonly to: PathBytes }[] {
  const renames: { from: PathBytes; to: PathBytes }[] = []
  for (let at = 0; at + 2 < parts.length; at += 3) {
    renames.push({ from: parts[at + 1] as PathBytes, to: parts[at + 2] as PathBytes })
  }
  return renames
}
