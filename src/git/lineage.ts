import { failureOf, repositoryError } from './failures.ts'
import type { Lineage } from './merge-engine.ts'
import { fields } from './parse.ts'
import { rawChanges } from './raw-changes.ts'
import { namedInReflog } from './reflog.ts'
import type { GitAnswer } from './run.ts'
import type { Trees } from './trees.ts'
import type { Workbench } from './workbench.ts'

export function createLineage(bench: Workbench, trees: Trees): Lineage {
  const demand = async (verb: string, args: readonly string[]): Promise<GitAnswer> => {
    const answer = await bench.git.run({ args, deadlineMs: bench.deadlines.treeMs, outputMaxBytes: listMaxBytes })
    if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf(verb, answer))
    return answer
  }
  return {
    treeOf: (commit) => trees.treeOf(commit),
    entriesIn: (tree, paths) => trees.entriesIn(tree, paths),
    changesBetween: async (from, to) => {
      const before = from ?? emptyTrees[bench.repository.objectFormat]
      const args = ['diff-tree', '-r', '-z', '--no-renames', '--raw', before, to]
      return rawChanges(fields((await demand('diff-tree', args)).stdout))
    },
    commitsBetween: async (without, tip, max) => {
      const args = ['rev-list', '--topo-order', `--max-count=${max}`, tip, `^${without}`]
      return linesOf(await demand('rev-list', args)).toReversed()
    },
    messageOf: async (commit) => {
      const format = '--format=%an%x00%ae%x00%ad%x00%B'
      const answer = await demand('log', [
        '-c',
        'i18n.logOutputEncoding=UTF-8',
        'log',
        '-1',
        '--no-show-signature',
        '--date=raw',
        format,
        commit,
      ])
      const [name = '', email = '', date = '', ...message] = answer.stdout.toString('utf8').split('\0')
      return { message: message.join('\0'), author: { name, email, date } }
    },
    wereHere: async (ref, commits) => namedInReflog(bench, ref, commits),
  }
}

/** Git knows it by name in every repository. */
const emptyTrees = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const

/** A merge may change every path of a large tree. */
const listMaxBytes = 512 * 1024 * 1024

function linesOf({ stdout }: GitAnswer): readonly string[] {
  return stdout.toString('latin1').split('\n').filter(Boolean)
}
