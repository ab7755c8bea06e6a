import type { Command } from 'commander'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { initialized, type Initialized } from '../messages.ts'

export function registerInit(program: Command, run: Run): void {
  program
    .command('init')
    .description(help.init.summary)
    .addHelpText('after', exampleText(help.init.example))
    .action(run(initialize))
}

async function initialize(context: Context): Promise<number> {
  const [{ loadConfig }, { openRepository }, { ask }] = await Promise.all([
    import('../../config/config.ts'),
    import('../../git/git.ts'),
    import('../../control/control.ts'),
  ])
  const { directory, env, home, sets } = context
  const engine = await openRepository(directory, { environment: env })
  try {
    const { root, stateDir } = engine.repository
    const { warnings } = await loadConfig({ workspace: root, home, env, sets })
    for (const warning of warnings) context.warn(warning)
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
    }
    if ((await ask(stateDir, 'consent', {})) === 'no-daemon') {
      const { stateAtRest } = await import('../../daemon/daemon.ts')
      stateAtRest.write(stateDir, context.clock.nowMs(), { firstSync: true })
    }
    context.answer(facts, initialized(facts))
    return exitCode.done
  } finally {
    await engine.close()
  }
}
