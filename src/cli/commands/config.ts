import type { Command } from 'commander'
import type { ConfigInput } from '../../config/config.ts'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { configValid } from '../messages.ts'
import { findWorkspace } from '../workspace.ts'

/** Longer values are cut in the table; `--json` has them whole. */
const shownLengthMax = 60

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
        const { configSchema } = await import('../../config/config.ts')
        context.out(configSchema())
        return exitCode.done
      }),
    )
}

async function showConfig(context: Context): Promise<number> {
  const { loadConfig } = await import('../../config/config.ts')
  const { settings, warnings } = await loadConfig(configInput(context))
  for (const warning of warnings) context.warn(warning)
  const rows = settings.map(({ key, value, source }) => [key, shown(value), source] as const)
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map(([key, value, source]) =>
    [key.padEnd(widths[0] ?? 0), value.padEnd(widths[1] ?? 0), source].join('  '),
  )
  const value = Object.fromEntries(settings.map((setting) => [setting.key, { ...setting, key: undefined }]))
  context.answer(value, lines.join('\n'))
  return exitCode.done
}

async function checkConfiguration(context: Context): Promise<number> {
  const { checkConfig, mistakeLine } = await import('../../config/config.ts')
  const result = await checkConfig(configInput(context))
  const mistakes = result.kind === 'mistaken' ? result.mistakes : []
  const warnings = result.kind === 'loaded' ? result.loaded.warnings : []
  for (const warning of warnings) context.warn(warning)
  if (context.json) context.answer({ ok: mistakes.length === 0, mistakes, warnings }, '')
  else if (mistakes.length === 0) context.answer(null, configValid)
  else context.err(`${mistakes.map(mistakeLine).join('\n')}\n`)
  return mistakes.length === 0 ? exitCode.done : exitCode.usage
}

function configInput({ directory, home, env, sets }: Context): ConfigInput {
  return { workspace: findWorkspace(directory)?.root ?? null, home, env, sets }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  if (text.length <= shownLengthMax) return text
  const entries = Array.isArray(value) ? ` (${value.length} entries)` : ''
  return `${text.slice(0, shownLengthMax - entries.length - 3)}...${entries}`
}
