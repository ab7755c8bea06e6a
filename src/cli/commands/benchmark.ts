import { tmpdir } from 'node:os'
import type { Command } from 'commander'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { loadInForce, warnAbout } from '../in-force.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { benchmarkText } from '../messages/benchmark.ts'

export function registerBenchmark(program: Command, run: Run): void {
  program
    .command('benchmark')
    .description(help.benchmark.summary)
    .option('--quick', optionHelp.quick)
    .addHelpText('after', exampleText(help.benchmark.example))
    .action(run(benchmark))
}

async function benchmark(context: Context, { options }: Given): Promise<number> {
  const [{ runBenchmark }, { openRepository }] = await Promise.all([
    import('../../benchmark/benchmark.ts'),
    import('../../git/git.ts'),
  ])
  const { directory, env, clock, version } = context
  const engine = await openRepository(directory, { environment: env, readOnly: true })
  try {
    const { loaded } = await loadInForce(context, engine)
    warnAbout(context, loaded)
    const isQuick = options['quick'] === true
    const given = { engine, loaded, environment: env, temporaryDir: tmpdir(), version, clock, quick: isQuick }
    const result = await runBenchmark(given)
    context.answer(result, benchmarkText(result))
    return exitCode.done
  } finally {
    await engine.close()
  }
}
