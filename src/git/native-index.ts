import type { Failure, PathBytes, PlanEntry } from '../types.ts'
import { literalPaths } from './environment.ts'
import { failureOf } from './failures.ts'
import { readHead } from './heads.ts'
import { indexInfo } from './index-info.ts'
import type { GitAnswer } from './run.ts'
import type { Trees } from './trees.ts'
import type { Workbench } from './workbench.ts'

/** git compares every entry with every path that it is given: 8,000 of both take a second, 100,000 minutes. */
const resetPathsMax = 1_000

/** The entries that HEAD has at these paths. */
export async function moveOn(
  bench: Workbench,
  trees: Trees,
  copy: string,
  paths: readonly PathBytes[],
): Promise<Failure | null> {
  if (paths.length === 0) return null
  return paths.length > resetPathsMax ? setMany(bench, trees, copy, paths) : reset(bench, trees, copy, paths)
}

async function reset(
  bench: Workbench,
  trees: Trees,
  copy: string,
  paths: readonly PathBytes[],
): Promise<Failure | null> {
  const run = (args: readonly string[], named: readonly PathBytes[]): Promise<GitAnswer> =>
    bench.git.run({
      args: [...withoutHooks, ...args, '--pathspec-from-file=-', '--pathspec-file-nul'],
      input: Buffer.from(`${named.join('\0')}\0`, 'latin1'),
      environment: { ...literalPaths, GIT_INDEX_FILE: copy },
      deadlineMs: bench.deadlines.treeMs,
    })
  const answer = await run(['reset', '-q', '--no-refresh'], paths)
  if (answer.code !== 0) return failureOf('reset', answer)
  const there = await trees.entriesAt((await readHead(bench)).oid, paths)
  const present = paths.filter((path) => there.has(path))
  // Without what stat says `diff-files` and `reset --keep` take all for changed. What is changed since stays so.
  if (present.length > 0) await run(['add', '--refresh'], present)
  return null
}

/** The same for many paths, at the price of a look at every file that the index names. */
async function setMany(
  bench: Workbench,
  trees: Trees,
  copy: string,
  paths: readonly PathBytes[],
): Promise<Failure | null> {
  const there = await trees.entriesAt((await readHead(bench)).oid, paths)
  const entries = paths.map((path): PlanEntry => {
    const entry = there.get(path)
    return entry === undefined || entry.mode === '040000' ? { path, mode: null, oid: null } : { path, ...entry }
  })
  const steps = [
    { args: ['update-index', '-z', '--index-info'], input: indexInfo(entries, bench.repository.objectFormat) },
    // What is not as it was committed stays to be looked at, which is no failure.
    { args: ['update-index', '-q', '--refresh'], input: '' },
  ]
  for (const { args, input } of steps) {
    const environment = { GIT_INDEX_FILE: copy }
    const deadlineMs = bench.deadlines.treeMs
    const answer = await bench.git.run({ args: [...withoutHooks, ...args], input, environment, deadlineMs })
    if (answer.code !== 0) return failureOf('update-index', answer)
  }
  return null
}

const withoutHooks = ['-c', 'core.hooksPath=/dev/null']
