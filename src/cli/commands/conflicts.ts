import type { Command } from 'commander'
import type { OpenConflict, ResolveAnswer, Side } from '../../daemon/daemon.ts'
import { SyncError } from '../../errors.ts'
import type { GitEngine } from '../../git/git.ts'
import { pathText, type PathBytes } from '../../types.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { loadInForce } from '../in-force.ts'
import { requireWorkspace, workspacePaths } from '../locate.ts'
import { conflictsText, nothingOpen, resolvedText, shownText } from '../messages/conflicts.ts'

/** A larger file is not shown. */
const shownBytesMax = 1024 * 1024

export function registerConflicts(program: Command, run: Run): void {
  const conflicts = program.command('conflicts').description(help.conflicts.summary)
  conflicts.addHelpText('after', exampleText(help.conflicts.example))
  conflicts
    .command('list')
    .description(help.conflictsList.summary)
    .addHelpText('after', exampleText(help.conflictsList.example))
    .action(run(list))
  conflicts
    .command('show')
    .description(help.conflictsShow.summary)
    .argument('<path>')
    .addHelpText('after', exampleText(help.conflictsShow.example))
    .action(run(show))
  conflicts
    .command('resolve')
    .description(help.conflictsResolve.summary)
    .argument('<path...>')
    .option('--ours', optionHelp.ours)
    .option('--theirs', optionHelp.theirs)
    .addHelpText('after', exampleText(help.conflictsResolve.example))
    .action(run(resolve))
}

async function list(context: Context): Promise<number> {
  return withEngine(context, true, async (engine) => {
    const open = await openOf(engine)
    context.answer({ conflicts: open.map(told) }, conflictsText(open.map(told), localTime))
    return exitCode.done
  })
}

function localTime(iso: string): string {
  return new Date(iso).toLocaleString('sv')
}

function told(one: OpenConflict) {
  const path = pathText(one.path)
  const at = new Date(one.atMs).toISOString()
  const branch = one.branch?.replace(/^refs\/heads\//, '') ?? null
  if (one.kind === 'diverged')
    return { path, kind: one.kind, reason: one.reason, at, branch, clone: null, ref: null, blob: null }
  const { clone, ref, kept, isOwn } = one
  const reason = isOwn
    ? 'our side is kept; the branch has what the remote had'
    : 'the side of another clone is kept; the branch has what the remote had'
  return { path, kind: one.kind, reason, at, branch, clone, ref, blob: kept.oid }
}

async function show(context: Context, { args }: Given): Promise<number> {
  return withEngine(context, true, async (engine) => {
    const [path] = workspacePaths(engine.repository.root, context.directory, args)
    const open = (await openOf(engine)).filter((one) => one.path === path)
    const [first] = open
    if (path === undefined || first === undefined) throw new SyncError('system', ...nothingOpen(args[0] ?? ''))
    const { oid } = await engine.head()
    const branch = await textAt(engine, (await engine.entriesAt(oid, [path])).get(path)?.oid ?? null)
    const kept = []
    for (const one of open) {
      const blob = one.kind === 'kept' ? one.kept.oid : await workTreeBlob(engine, path)
      kept.push({ ...told(one), blob, text: await textAt(engine, blob) })
    }
    context.answer({ path: pathText(path), branch, kept }, shownText(pathText(path), branch, kept))
    return exitCode.done
  })
}

async function workTreeBlob(engine: GitEngine, path: PathBytes): Promise<string | null> {
  const written = (await engine.writeBlobs([{ path, kind: 'file' }])).get(path)
  return typeof written === 'string' ? written : null
}

/** null: nothing there, too large, or no text. */
async function textAt(engine: GitEngine, oid: string | null): Promise<string | null> {
  const bytes = oid === null ? null : await engine.readBlob(oid, shownBytesMax)
  if (bytes === null || bytes.includes(0)) return null
  const { withoutSecrets } = await import('../without-secrets.ts')
  return withoutSecrets(Buffer.from(bytes).toString('utf8'))
}

async function openOf(engine: GitEngine): Promise<readonly OpenConflict[]> {
  const { stateAtRest } = await import('../../daemon/daemon.ts')
  return stateAtRest.conflicts(engine)
}

async function resolve(context: Context, { args, options }: Given): Promise<number> {
  const { root, stateDir } = requireWorkspace(context.directory)
  const side = sideOf(options)
  const paths = workspacePaths(root, context.directory, args)
  const { ask } = await import('../../control/control.ts')
  const asked = await ask(stateDir, 'resolve', { paths, side })
  const answer = asked === 'no-daemon' ? await resolveHere(context, paths, side) : asked
  if (answer.kind === 'refused') {
    throw new SyncError(answer.isUsage ? 'usage' : 'system', answer.problem, answer.hint)
  }
  const resolved = answer.resolved.map(({ path, replaced }) => ({ path: pathText(path), replaced }))
  context.answer({ resolved, side }, resolvedText(resolved, side, asked !== 'no-daemon'))
  return exitCode.done
}

function sideOf(options: Given['options']): Side {
  const [ours, theirs] = [options['ours'] === true, options['theirs'] === true]
  if (ours && theirs) throw new SyncError('usage', 'both --ours and --theirs', 'name one of them, or neither')
  return ours ? 'ours' : theirs ? 'theirs' : 'file'
}

async function resolveHere(context: Context, paths: readonly PathBytes[], side: Side): Promise<ResolveAnswer> {
  const { stateAtRest } = await import('../../daemon/daemon.ts')
  const { config } = (await loadInForce(context)).loaded
  return withEngine(context, false, (engine) => stateAtRest.resolve(engine, config, context.clock, paths, side))
}

async function withEngine<T>(
  { directory, env }: Context,
  readOnly: boolean,
  use: (engine: GitEngine) => Promise<T>,
): Promise<T> {
  const { openRepository } = await import('../../git/git.ts')
  const engine = await openRepository(directory, { environment: env, readOnly })
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}
