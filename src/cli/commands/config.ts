import type { Command } from 'commander'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { configInput, loadInForce, trustedHere, warnAbout } from '../in-force.ts'
import { configValid } from '../messages.ts'
import { waits } from '../messages/ack.ts'
import { printable } from '../printable.ts'

/** Longer values are cut in the table; `--json` has them whole. */
const shownLengthMax = 60
/** Beside mistakes. */
const nothingTold = { warnings: [], waiting: [] } as const

export function registerConfig(program: Command, run: Run): void {
  const config = program
    .command('config')
    .description(help.config.summary)
    .addHelpText('after', exampleText(help.config.example))
  config
    .command('show')
    .description(help.configShow.summary)
    .addHelpText('after', exampleText(help.configShow.example))
    .action(run(showConfig))
  config
    .command('check')
    .description(help.configCheck.summary)
    .addHelpText('after', exampleText(help.configCheck.example))
    .action(run(checkConfiguration))
  config
    .command('schema')
    .description(help.configSchema.summary)
    .addHelpText('after', exampleText(help.configSchema.example))
    .action(
      run(async (context) => {
        const { configFiles } = await import('../../config/config.ts')
        context.out(configFiles.schema())
        return exitCode.done
      }),
    )
}

async function showConfig(context: Context): Promise<number> {
  const { loaded } = await loadInForce(context)
  const { settings, waitingSettings } = loaded
  warnAbout(context, loaded)
  const rows = settings.flatMap(({ key, value, source }) => [
    [key, shown(value), source] as const,
    ...waitingSettings
      .filter((one) => one.key === key)
      .map((one) => [key, shown(one.value), waits(one.source)] as const),
  ])
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map(([key, value, source]) =>
    printable([key.padEnd(widths[0] ?? 0), value.padEnd(widths[1] ?? 0), source].join('  ')),
  )
  const value = Object.fromEntries(
    settings.map((setting) => {
      const waiting = waitingSettings.find(({ key }) => key === setting.key)
      return [setting.key, { ...unnamed(setting), waiting: waiting === undefined ? null : unnamed(waiting) }]
    }),
  )
  context.answer(value, lines.join('\n'))
  return exitCode.done
}

async function checkConfiguration(context: Context): Promise<number> {
  const { checkConfig, mistakeLine } = await import('../../config/config.ts')
  const trusted = await trustedHere(context, null)
  const result = await checkConfig(configInput(context), trusted?.say)
  const mistakes = result.kind === 'mistaken' ? result.mistakes : []
  const { warnings, waiting } = result.kind === 'loaded' ? result.loaded : nothingTold
  if (result.kind === 'loaded') warnAbout(context, result.loaded)
  if (context.json) context.answer({ ok: mistakes.length === 0, mistakes, warnings, waiting }, '')
  else if (mistakes.length === 0) context.answer(null, configValid)
  else context.err(`${mistakes.map((one) => printable(mistakeLine(one))).join('\n')}\n`)
  return mistakes.length === 0 ? exitCode.done : exitCode.usage
}

function unnamed({ value, source }: { readonly value: unknown; readonly source: string }) {
  return { value, source }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  if (text.length <= shownLengthMax) return text
  const entries = Array.isArray(value) ? ` (${value.length} entries)` : ''
  return `${text.slice(0, shownLengthMax - entries.length - 3)}...${entries}`
}
