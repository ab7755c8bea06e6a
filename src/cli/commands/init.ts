import type { Command } from 'commander'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { loadInForce } from '../in-force.ts'
import { initialized, type Initialized } from '../messages.ts'
import { printable } from '../printable.ts'
import { agreedWithin, recordWord } from '../word.ts'

export function registerInit(program: Command, run: Run): void {
  program
    .command('init')
    .description(help.init.summary)
    .addHelpText('after', exampleText(help.init.example))
    .action(run(initialize))
}

async function initialize(context: Context): Promise<number> {
  const [{ openRepository }, { ask }] = await Promise.all([
    import('../../git/git.ts'),
    import('../../control/control.ts'),
  ])
  const { directory, env } = context
  const engine = await openRepository(directory, { environment: env })
  try {
    const { root, stateDir } = engine.repository
    const { loaded, trusted } = await loadInForce(context, engine)
    for (const warning of loaded.warnings) context.warn(warning)
    const { agreed, refused } = await agreedWithin(context, trusted, () => true, 'init', null)
    for (const { path, why } of refused) context.warn(printable(`${path}: ${why}`))
    const { ref } = await engine.head()
    const [upstream, identity, pauses, changed] = await Promise.all([
      ref === null ? null : engine.upstream(ref),
      engine.identityFailure(),
      engine.pauses(),
      engine.changedPaths(),
    ])
    const problems = [...pauses.map(({ detail }) => detail), ...(identity === null ? [] : [identity.hint])]
    const facts: Initialized = {
      workspace: root,
      branch: ref?.replace(/^refs\/heads\//, '') ?? null,
      upstream: upstream?.address ?? null,
      changed: changed.length,
      problems,
      trusted: agreed.map(({ path }) => path),
    }
    if ((await ask(stateDir, 'consent', {})) === 'no-daemon') {
      const { stateAtRest } = await import('../../daemon/daemon.ts')
      stateAtRest.write(stateDir, context.clock.nowMs(), { firstSync: true })
    }
    await recordWord(stateDir, context.clock.nowMs(), { acknowledged: [], trusted: agreed })
    context.answer(facts, initialized(facts))
    return exitCode.done
  } finally {
    await engine.close()
  }
}
