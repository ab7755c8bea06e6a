import { tmpdir } from 'node:os'
import type { Command } from 'commander'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { createNarration, demoOpening, demoSummary } from '../messages/demo.ts'

/** npm hands a Ctrl-C on that the terminal has sent us already: two of them within this time are one. */
const oneSignalMs = 1_000
const speed = 1

export function registerDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .description(help.demo.summary)
    .option('--keep', optionHelp.keep)
    .addHelpText('after', exampleText(help.demo.example))
    .action(run((context, { options }) => showDemo(context, options['keep'] === true)))
}

/** Narrates; with `--json` only the result is told. Exit code 0 also when it is stopped before its end. */
export async function showDemo(context: Context, keep: boolean): Promise<number> {
  const { demoSets, runDemo } = await import('../../demo/demo.ts')
  const narrate = createNarration(context.color)
  const isTold = !context.json && !context.quiet
  const stop = stopSignal(context)
  if (isTold) context.out(demoOpening(demoSets(speed)))
  const result = await runDemo({
    environment: context.env,
    temporaryDir: tmpdir(),
    version: context.version,
    clock: context.clock,
    keep,
    speed,
    isStopped: () => stop.isHeard() || context.isOutputClosed(),
    tell(event, sinceStartMs) {
      if (isTold) for (const line of narrate(event, sinceStartMs)) context.out(`${line}\n`)
    },
  })
  context.answer(result, demoSummary(result, context.env['npm_lifecycle_event'] === 'start'))
  return exitCode.done
}

/** The first one ends it in order; one that comes later than a moment after it gives the next its usual effect. */
function stopSignal({ clock }: Context): { isHeard(): boolean } {
  let heardMs: number | null = null
  const hear = (): void => {
    heardMs ??= clock.monotonicMs()
    if (clock.monotonicMs() - heardMs < oneSignalMs) return
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, hear)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear)
  return { isHeard: () => heardMs !== null }
}
