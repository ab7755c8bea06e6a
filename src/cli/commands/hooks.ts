import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { HookKind, HookPlace } from '../../hooks/hooks.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { withHealthInput } from '../health-input.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { ownProgram } from '../own-program.ts'
import { goesUnrefused, installedText, removedText, unknownHook } from '../messages/hooks.ts'

export function registerHooks(program: Command, run: Run): void {
  const hooks = program
    .command('hooks')
    .description(help.hooks.summary)
    .addHelpText('after', exampleText(help.hooks.example))
  hooks
    .command('install')
    .description(help.hooksInstall.summary)
    .argument('<hook>')
    .option('--anywhere', optionHelp.anywhere)
    .addHelpText('after', exampleText(help.hooksInstall.example))
    .action(run(install))
  hooks
    .command('remove')
    .description(help.hooksRemove.summary)
    .argument('<hook>')
    .addHelpText('after', exampleText(help.hooksRemove.example))
    .action(run(remove))
}

async function install(context: Context, given: Given): Promise<number> {
  const { kind, place } = await find(context, given)
  const anywhere = given.options['anywhere'] === true
  const done = kind.install({ place, node: process.execPath, program: ownProgram, anywhere })
  context.answer({ hook: kind.name, ...done }, installedText(kind.name, done))
  return exitCode.done
}

async function remove(context: Context, given: Given): Promise<number> {
  const { kind, place } = await find(context, given)
  const refused = await refusedNow(context)
  const removed = kind.remove(place)
  const done = removed.find(({ outcome }) => outcome !== 'absent') ?? removed[0]
  if (done === undefined) return exitCode.done
  const unwatched = done.outcome === 'removed' ? refused : []
  context.answer({ hook: kind.name, ...done, refused: unwatched }, removedText(kind.name, removed))
  if (unwatched.length > 0) context.warn(goesUnrefused(unwatched))
  return exitCode.done
}

/** What the hook would refuse just now: without it, the next push sends it, the daemon's own too. */
async function refusedNow(context: Context): Promise<readonly string[]> {
  const { checkPush } = await import('../../health/health.ts')
  const nothing = { lines: null, remote: null, address: null } as const
  try {
    const looked = await withHealthInput(context, (input) => checkPush({ ...input, ...nothing }))
    const checks = 'unopened' in looked ? [] : looked.value
    return checks.flatMap(({ name, outcome, detail }) => (outcome === 'fail' ? [`${name}: ${detail}`] : []))
  } catch (error) {
    // Whoever wants the hook away, perhaps because it is broken, is not kept from it by a check that is.
    if (error instanceof SyncError) return []
    throw error
  }
}

async function find(
  context: Context,
  { args }: Given,
): Promise<{ readonly kind: HookKind; readonly place: HookPlace }> {
  const [{ hookKinds, hookPlace }, { openRepository }] = await Promise.all([
    import('../../hooks/hooks.ts'),
    import('../../git/git.ts'),
  ])
  const [name = ''] = args
  const kind = hookKinds.find((one) => one.name === name)
  if (kind === undefined) {
    const { message, hint } = unknownHook(
      name,
      hookKinds.map((one) => one.name),
    )
    throw new SyncError('usage', message, hint)
  }
  const engine = await openRepository(context.directory, { environment: context.env, readOnly: true })
  try {
    return { kind, place: await hookPlace(engine) }
  } finally {
    await engine.close()
  }
}
