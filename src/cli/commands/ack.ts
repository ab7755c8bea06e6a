import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Held } from '../../daemon/daemon.ts'
import { SyncError } from '../../errors.ts'
import { pathText, type PathBytes } from '../../types.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { loadInForce } from '../in-force.ts'
import { workspacePaths } from '../locate.ts'
import {
  acknowledgedText,
  directoryNotHeld,
  mistaken,
  notHeld,
  refusedText,
  staysHeld,
  tooManyAtOnce,
  type AckAnswer,
} from '../messages/ack.ts'
import { agreedWithin, recordWord, type Agreed } from '../word.ts'

/** As many as `state.json` keeps. */
const pathsMax = 10_000

export function registerAck(program: Command, run: Run): void {
  program
    .command('ack')
    .description(help.ack.summary)
    .argument('<path...>')
    .option('--reason <text>', optionHelp.reason)
    .addHelpText('after', exampleText(help.ack.example))
    .action(run(acknowledge))
}

async function acknowledge(context: Context, { args, options }: Given): Promise<number> {
  const [{ createDryJudge }, { openRepository }] = await Promise.all([
    import('../../daemon/daemon.ts'),
    import('../../git/git.ts'),
  ])
  const reason = typeof options['reason'] === 'string' ? options['reason'] : null
  const engine = await openRepository(context.directory, { environment: context.env })
  try {
    const { root, stateDir } = engine.repository
    const paths = workspacePaths(root, context.directory, args)
    const { loaded, trusted } = await loadInForce(context, engine)
    const files = await agreedWithin(context, trusted, (path) => paths.some((one) => covers(one, path)), 'ack', reason)
    const { held } = await createDryJudge(engine, loaded)
    const told = await heldByDaemon(stateDir)
    const found = new Map<PathBytes, readonly Held[]>()
    for (const path of paths) found.set(path, await held(path, told))
    const atMs = context.clock.nowMs()
    const acknowledged = [...found.values()]
      .flat()
      .flatMap((one) =>
        one.kind === 'blob' || one.kind === 'deletion'
          ? [{ path: one.path, what: one.kind, oid: one.oid, reason, atMs }]
          : [],
      )
    refuseTooMany(acknowledged.length)
    const isRunning = await recordWord(stateDir, atMs, { acknowledged, trusted: files.agreed })
    return answer(context, answerOf(root, found, files, loaded.waiting), isRunning)
  } finally {
    await engine.close()
  }
}

/** The root is a directory of no name. */
function covers(path: PathBytes, file: string): boolean {
  const text = pathText(path)
  return text === '' || text === file || file.startsWith(`${text}/`)
}

function refuseTooMany(count: number): void {
  if (count <= pathsMax) return
  const { message, hint } = tooManyAtOnce(count, pathsMax)
  throw new SyncError('usage', message, hint)
}

/** A daemon remembers more than one look can show, such as deletions of a few minutes ago. */
async function heldByDaemon(stateDir: string): Promise<ReadonlySet<string>> {
  const { ask } = await import('../../control/control.ts')
  const status = await ask(stateDir, 'status', {})
  return new Set(status === 'no-daemon' ? [] : status.held.map(({ path }) => path))
}

function answerOf(
  root: string,
  found: ReadonlyMap<PathBytes, readonly Held[]>,
  files: Agreed,
  waiting: readonly { readonly path: string; readonly reason: string }[],
): AckAnswer {
  const acknowledged: { path: string; what: string; reason: string }[] = files.agreed.map(({ path }) => ({
    path,
    what: 'file',
    reason: waiting.find((one) => one.path === path)?.reason.split(': ')[0] ?? '',
  }))
  const refused = files.refused.map(({ path, why }) => mistaken(path, why))
  for (const [asked, list] of found) {
    const isFile = [...files.agreed, ...files.refused].some(({ path }) => covers(asked, path))
    for (const one of list) {
      const path = pathText(one.path)
      if (one.kind === 'stays') refused.push(staysHeld(path, one.reason))
      else if (one.kind !== 'not-held') acknowledged.push({ path, what: one.kind, reason: plain(one.reason) })
      else if (!isFile) refused.push(isDirectory(root, one.path) ? directoryNotHeld(path) : notHeld(path))
    }
  }
  return { acknowledged, refused }
}

/** Why it was held, without what to do about it: that has just been done. */
function plain(reason: string): string {
  return reason.split(': take it out')[0] ?? reason
}

function isDirectory(root: string, path: PathBytes): boolean {
  return statSync(join(root, pathText(path)), { throwIfNoEntry: false })?.isDirectory() === true
}

function answer(context: Context, said: AckAnswer, isRunning: boolean): number {
  if (context.json) context.answer(said, '')
  else {
    if (said.acknowledged.length > 0) context.answer(null, acknowledgedText(said, isRunning))
    context.err(refusedText(said))
  }
  return said.refused.length === 0 ? exitCode.done : exitCode.failed
}
