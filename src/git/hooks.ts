import { join } from 'node:path'
import type { CommitOutcome, Oid } from '../types.ts'
import { hookEnvironment } from './environment.ts'
import { detailOf, failureOf } from './failures.ts'
import type { Shadow } from './shadow.ts'
import type { Workbench } from './workbench.ts'

type Refused = Extract<CommitOutcome, { kind: 'hook-refused' | 'failed' }>

/** The user's hooks say their word on a commit that is ready. Gives the message, which commit-msg may have changed. */
export async function askHooks(
  bench: Workbench,
  shadow: Shadow,
  tree: Oid,
  message: string,
): Promise<{ readonly message: string } | Refused> {
  const { hooksDirectory } = await bench.settings.read()
  const exists = (hook: string) => bench.disk.identify(join(hooksDirectory, hook))?.executable === true
  if (bench.preCommit === 'run' && exists('pre-commit')) {
    const refused = (await runHook(bench, shadow, 'pre-commit', [])) ?? (await changedTree(shadow, tree))
    if (refused !== null) return refused
  }
  if (!exists('commit-msg')) return { message }
  const file = join(bench.repository.stateDir, 'COMMIT_EDITMSG')
  bench.disk.write(file, message)
  const refused = await runHook(bench, shadow, 'commit-msg', ['--', file])
  return refused ?? { message: bench.disk.read(file)?.toString('utf8') ?? message }
}

async function runHook(
  bench: Workbench,
  shadow: Shadow,
  hook: string,
  rest: readonly string[],
): Promise<Refused | null> {
  const answer = await bench.git.run({
    args: ['hook', 'run', '--ignore-missing', hook, ...rest],
    environment: { ...hookEnvironment, GIT_INDEX_FILE: shadow.path },
    deadlineMs: bench.deadlines.hookMs,
  })
  if (answer.code === 0) return null
  if (answer.fault !== null) return { kind: 'failed', failure: failureOf(`hook ${hook}`, answer) }
  const said = detailOf(answer.stderr)
  return { kind: 'hook-refused', hook, detail: said === '' ? `it ended with ${answer.code}` : said }
}

/** What a hook puts into the index was judged by nobody. It is in the work tree too, and comes back as a change. */
async function changedTree(shadow: Shadow, tree: Oid): Promise<Refused | null> {
  const now = await shadow.currentTree()
  if (now.kind === 'failed') return now
  if (now.tree === tree) return null
  return { kind: 'hook-refused', hook: 'pre-commit', detail: 'it changed what would be committed' }
}
