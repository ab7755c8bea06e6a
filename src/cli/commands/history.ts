import type { Command } from 'commander'
import { readJournal, type CommitRecord } from '../../journal/journal.ts'
import type { AutomaticCommit } from '../../git/git.ts'
import type { Context, Given, Run } from '../context.ts'
import { countOf } from '../count.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { workspacePaths } from '../locate.ts'
import { historyLine, noHistory } from '../messages/history.ts'
import { journalFault } from '../messages/journal.ts'

const commitsShown = 20

export function registerHistory(program: Command, run: Run): void {
  program
    .command('history')
    .description(help.history.summary)
    .argument('[path...]')
    .option('-n, --count <n>', optionHelp.count)
    .addHelpText('after', exampleText(help.history.example))
    .action(run(history))
}

async function history(context: Context, { args, options }: Given): Promise<number> {
  const count = countOf(options['count'], commitsShown)
  const { openRepository } = await import('../../git/git.ts')
  const engine = await openRepository(context.directory, { environment: context.env, readOnly: true })
  try {
    const { root, stateDir } = engine.repository
    const paths = workspacePaths(root, context.directory, args)
    const { ref, oid } = await engine.head()
    const commits = oid === null ? [] : await engine.history.automaticCommits(oid, paths, count)
    const unpushed = ref === null ? null : await engine.history.unpushed(ref)
    const recorded = await recordedOf(context, stateDir, commits)
    const where = (commit: AutomaticCommit) =>
      unpushed === null ? 'unknown' : unpushed.has(commit.oid) ? 'waiting' : 'pushed'
    for (const commit of commits) {
      const known = recorded.get(commit.oid)
      const when = new Date(commit.atMs)
      const value = {
        oid: commit.oid,
        at: when.toISOString(),
        subject: commit.subject,
        writer: commit.writer,
        where: where(commit),
        undoes: commit.undoes,
        trigger: known?.trigger ?? null,
        paths: known?.pathCount ?? null,
        tookMs: known === undefined ? null : Math.round(known.tookMs),
      } as const
      context.answer(value, historyLine(value, when.toLocaleString('sv')))
    }
    if (commits.length === 0 && !context.json) context.answer(null, noHistory(paths.length > 0))
    return exitCode.done
  } finally {
    await engine.close()
  }
}

/** What git does not know. A journal that cannot be read takes nothing from what git knows. */
async function recordedOf(
  context: Context,
  stateDir: string,
  commits: readonly AutomaticCommit[],
): Promise<ReadonlyMap<string, CommitRecord>> {
  const reading = await readJournal(stateDir, (reader) => reader.commits(commits.map(({ oid }) => oid)))
  if (reading.kind === 'fault') {
    const { message, hint } = journalFault(stateDir, reading.fault)
    context.warn(`${message}\n${hint}`)
  }
  return reading.kind === 'read' ? reading.value : new Map()
}
