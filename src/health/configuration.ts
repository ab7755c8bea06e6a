import { compileRules } from '../classify/classify.ts'
import { checkConfig, mistakeLine, type ConfigInput, type LoadedConfig } from '../config/config.ts'
import { assert } from '../errors.ts'
import type { ConfigurationFact } from './facts.ts'

/** What is in force; the built-in settings where what the user wrote cannot be understood. */
export async function lookAtConfiguration(
  input: ConfigInput,
): Promise<{ readonly configuration: ConfigurationFact; readonly loaded: LoadedConfig }> {
  const result = await checkConfig(input)
  if (result.kind === 'mistaken') {
    return { configuration: { mistakes: result.mistakes.map(mistakeLine), warnings: [] }, loaded: await builtIn() }
  }
  const { loaded } = result
  const { mistakes } = compileRules(loaded.ruleFiles, loaded.config.rules.default)
  if (mistakes.length === 0) return { configuration: { mistakes: [], warnings: loaded.warnings }, loaded }
  const lines = mistakes.map(
    ({ source, line, column, problem, remedy }) => `${source}:${line}:${column} ${problem} — ${remedy}`,
  )
  return { configuration: { mistakes: lines, warnings: loaded.warnings }, loaded: await builtIn() }
}

async function builtIn(): Promise<LoadedConfig> {
  const result = await checkConfig({ workspace: null, home: '/nonexistent', env: {}, sets: [] })
  assert(result.kind === 'loaded', 'the built-in settings have no mistake')
  return result.loaded
}
