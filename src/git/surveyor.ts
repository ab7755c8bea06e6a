import { join, posix } from 'node:path'
import { failureOf, repositoryError } from './failures.ts'
import { createOutgoing } from './outgoing.ts'
import type { ObjectReader } from './objects.ts'
import { fields } from './parse.ts'
import type { GitAnswer } from './run.ts'
import type { Integrity, Ref, Survey } from './survey.ts'
import { ownCommits, type Workbench } from './workbench.ts'

/** About two million files; a tree with more is counted by nobody. */
const listMaxBytes = 256 * 1024 * 1024

export function createSurvey(bench: Workbench, objects: ObjectReader): Survey {
  const { git, deadlines, repository } = bench
  const own = {
    // A reader's scratch directory stands in front of the repository's own objects, which are what is asked about.
    GIT_OBJECT_DIRECTORY: join(repository.commonDir, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: '',
  }
  const text = async (args: readonly string[], outputMaxBytes?: number): Promise<Buffer> => {
    const limit = outputMaxBytes === undefined ? {} : { outputMaxBytes }
    const answer = await git.run({ args, deadlineMs: deadlines.treeMs, environment: own, ...limit })
    if (answer.code !== 0) throw repositoryError(failureOf(args[0] ?? '', answer))
    return answer.stdout
  }
  const number = async (args: readonly string[]): Promise<number> =>
    Number((await text(args)).toString('latin1').trim())
  const isUnborn = async (): Promise<boolean> => {
    const answer = await git.run({ args: ['rev-parse', '-q', '--verify', 'HEAD'], deadlineMs: deadlines.plumbingMs })
    return answer.code !== 0
  }

  return {
    version: async () => /\d+(?:\.\d+)+/.exec((await text(['version'])).toString('utf8'))?.[0] ?? 'unknown',
    setting: async (key) => (await bench.settings.read()).one(key),
    hooksDirectory: async () => (await bench.settings.read()).hooksDirectory,
    objectsSizeBytes: async () => {
      const counts = (await text(['count-objects', '-v'])).toString('latin1')
      const kilobytes = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(counts)?.[1] ?? 0)
      return 1024 * (kilobytes('size') + kilobytes('size-pack'))
    },
    integrity: async (depth, deadlineMs) => {
      const connectivity = depth === 'connectivity' ? ['--connectivity-only'] : []
      const args = ['fsck', '--no-dangling', '--no-progress', '--no-reflogs', ...connectivity]
      return integrityOf(await git.run({ args, deadlineMs, environment: own }))
    },
    directories: async () => {
      const files = fields(await text(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], listMaxBytes))
      return withParents(files.map((file) => posix.dirname(file))).size
    },
    commitsSince: async (sinceMs) => {
      if (await isUnborn()) return { all: 0, automatic: 0 }
      const count = (more: readonly string[]) =>
        number(['rev-list', '--count', `--since=${Math.floor(sinceMs / 1_000)}`, ...more, 'HEAD', '--'])
      const [all, automatic] = await Promise.all([count([]), count(ownCommits)])
      return { all, automatic }
    },
    headCommittedAtMs: async () => {
      if (await isUnborn()) return null
      const printed = (await text(['rev-list', '-1', '--format=%ct', 'HEAD', '--'])).toString('latin1')
      return 1_000 * Number(printed.trim().split('\n').at(-1))
    },
    unpushed: async (remote) =>
      (await isUnborn()) ? 0 : number(['rev-list', '--count', 'HEAD', '--not', `--remotes=${remote}`, '--']),
    remotes: async () => {
      const answer = await git.run({
        args: ['config', '-z', '--get-regexp', '^remote\\..*\\.(pushurl|url)$'],
        deadlineMs: deadlines.plumbingMs,
      })
      return remotesOf(fields(answer.stdout))
    },
    refs: async (prefix) => {
      const printed = (await text(['for-each-ref', '--format=%(objectname) %(refname)', prefix])).toString('utf8')
      const lines = printed.split('\n').filter((line) => line !== '')
      return lines.map((line) => ({ oid: line.slice(0, line.indexOf(' ')), name: line.slice(line.indexOf(' ') + 1) }))
    },
    removeRefs: (refs) => removeRefs(bench, refs),
    outgoing: createOutgoing(bench, objects),
    knows: async (tip, blob, deadlineMs) => {
      const how = ['--format=%H', '--full-history', '--no-show-signature', '--no-ext-diff']
      const args = ['log', '-1', ...how, `--find-object=${blob}`, tip, '--']
      const answer = await git.run({ args, deadlineMs, environment: own })
      return answer.code === 0 && answer.stdout.length > 0
    },
  }
}

async function removeRefs({ git, claims, deadlines }: Workbench, refs: readonly Ref[]): Promise<void> {
  if (refs.length === 0) return
  const input = refs.map(({ name, oid }) => `delete ${name}\0${oid}\0`).join('')
  const claimed = { refs: refs.map(({ name }) => name), files: ['packed-refs'], to: null } as const
  const args = ['update-ref', '--stdin', '-z']
  const answer = await claims.during(claimed, () => git.run({ args, input, deadlineMs: deadlines.treeMs }))
  if (answer.code !== 0) throw repositoryError(failureOf('update-ref', answer))
}

/**
 * Old histories hold commits that today's git finds badly written. That is bit 1 alone, without a word of damage, and
 * nothing is missing (git-fsck(1)).
 */
function integrityOf(answer: GitAnswer): Integrity {
  if (answer.fault === 'timeout') return { kind: 'late' }
  if (answer.code === null) return { kind: 'failed', failure: failureOf('fsck', answer) }
  const lines = `${answer.stderr}\n${answer.stdout.toString('utf8')}`.split('\n')
  const damage = lines.filter((line) =>
    /missing|mismatch|corrupt|unable to|broken link|invalid sha1 pointer/.test(line),
  )
  if (answer.code === 0 || (answer.code === 1 && damage.length === 0)) return { kind: 'whole' }
  const failure = failureOf('fsck', { ...answer, stderr: (damage.length > 0 ? damage : lines).slice(0, 3).join('\n') })
  return { kind: 'broken', detail: failure.detail }
}

function withParents(directories: readonly string[]): ReadonlySet<string> {
  const found = new Set(['.'])
  for (const directory of directories) {
    for (let at = directory; !found.has(at); at = posix.dirname(at)) found.add(at)
  }
  return found
}

/** "remote.NAME.url LF address"; a name may hold dots. Where it is pushed to comes first. */
function remotesOf(settings: readonly string[]): readonly { readonly name: string; readonly addresses: string[] }[] {
  const found = new Map<string, string[]>()
  for (const setting of settings) {
    const [, name = '', kind = '', address = ''] = /^remote\.(.*)\.(pushurl|url)\n([^]*)$/.exec(setting) ?? []
    const others = found.get(name) ?? []
    const text = Buffer.from(address, 'latin1').toString('utf8')
    found.set(name, kind === 'pushurl' ? [text, ...others] : [...others, text])
  }
  return [...found].map(([name, addresses]) => ({ name, addresses }))
}
