import { compileRules, type RuleMistake } from '../classify/classify.ts'
import { checkConfig, mistakeLine, type ConfigInput, type LoadedConfig } from '../config/config.ts'
import { stateAtRest } from '../daemon/daemon.ts'
import { assert } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import { readTrusted } from '../trust/trust.ts'
import type { ConfigurationFact } from './facts.ts'

/** What is in force; the built-in settings where what the user wrote cannot be understood. */
export async function lookAtConfiguration(
  engine: GitEngine,
  input: ConfigInput,
  clock: Clock,
): Promise<{ readonly configuration: ConfigurationFact; readonly loaded: LoadedConfig }> {
  const { root, stateDir } = engine.repository
  const state = stateAtRest.read(stateDir)
  const own = {
    root,
    consents: state?.trusted ?? [],
    isBringing: state?.bringing != null,
    nowMs: clock.nowMs(),
    engine: () => Promise.resolve(engine),
    isSettled: () => true,
  }
  const result = await checkConfig(input, (await readTrusted(own)).say)
  if (result.kind === 'mistaken') {
    const mistakes = result.mistakes.map(mistakeLine)
    return { configuration: { mistakes, warnings: [], waiting: [] }, loaded: await builtIn() }
  }
  const { loaded } = result
  const { mistakes, doubts } = compileRules(loaded.ruleFiles, loaded.config.rules.default)
  const waiting = loaded.waiting.map(({ path }) => path)
  const warnings = [
    ...loaded.waiting.map(({ path, reason }) => `${path} ${reason}`),
    ...loaded.warnings,
    ...doubts.map(ruleMistakeLine),
  ]
  const configuration = { mistakes: mistakes.map(ruleMistakeLine), warnings, waiting }
  return { configuration, loaded: mistakes.length === 0 ? loaded : await builtIn() }
}

function ruleMistakeLine({ source, line, column, problem, remedy }: RuleMistake): string {
  return `${source}:${line}:${column} ${problem} — ${remedy}`
}

async function builtIn(): Promise<LoadedConfig> {
  const result = await checkConfig({ workspace: null, home: '/nonexistent', env: {}, sets: [] })
  assert(result.kind === 'loaded', 'the built-in settings have no mistake')
  return result.loaded
}
