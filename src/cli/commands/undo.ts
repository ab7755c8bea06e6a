import type { Command } from 'commander'
import type { UndoAnswer } from '../../daemon/daemon.ts'
import { SyncError } from '../../errors.ts'
import { pathText } from '../../types.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { loadInForce } from '../in-force.ts'
import { requireWorkspace } from '../locate.ts'
import { undoText } from '../messages/undo.ts'

export function registerUndo(program: Command, run: Run): void {
  program
    .command('undo')
    .description(help.undo.summary)
    .argument('[commit]')
    .option('--dry-run', optionHelp.dryRunUndo)
    .addHelpText('after', exampleText(help.undo.example))
    .action(run(undo))
}

async function undo(context: Context, { args, options }: Given): Promise<number> {
  const { stateDir } = requireWorkspace(context.directory)
  const commit = args[0] ?? null
  const dryRun = options['dryRun'] === true
  const { ask } = await import('../../control/control.ts')
  const asked = dryRun ? 'no-daemon' : await ask(stateDir, 'undo', { commit })
  const isRunning = asked !== 'no-daemon'
  const answer = isRunning ? asked : await undoHere(context, commit, dryRun)
  if (answer.kind === 'refused') {
    throw new SyncError(answer.isUsage ? 'usage' : 'system', answer.problem, answer.hint)
  }
  const paths = answer.paths.map(({ path, change }) => ({ path: pathText(path), change }))
  const kept = answer.kept.map(pathText)
  context.answer(
    { undone: !dryRun, commit: answer.commit, undoes: answer.undoes, subject: answer.subject, paths, kept },
    undoText({ ...answer, paths, kept }, isRunning),
  )
  return kept.length === 0 ? exitCode.done : exitCode.failed
}

async function undoHere(context: Context, commit: string | null, dryRun: boolean): Promise<UndoAnswer> {
  const [{ stateAtRest }, { openRepository }] = await Promise.all([
    import('../../daemon/daemon.ts'),
    import('../../git/git.ts'),
  ])
  const { directory, env, clock } = context
  const { config } = (await loadInForce(context)).loaded
  const { hooks, engine: engineName } = config
  const engine = await openRepository(directory, {
    environment: env,
    readOnly: dryRun,
    preCommit: hooks.preCommit,
    engine: engineName,
  })
  try {
    return await stateAtRest.undo(engine, config, clock, commit, dryRun)
  } finally {
    await engine.close()
  }
}
