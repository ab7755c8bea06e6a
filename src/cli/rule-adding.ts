import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { RuleSet } from '../classify/classify.ts'
import type { RulePlace } from '../config/config.ts'
import { SyncError } from '../errors.ts'
import type { Trusted } from '../trust/trust.ts'
import type { Rule, RuleFile } from '../types.ts'
import type { Context } from './context.ts'
import { loadInForce, trustedHere, warnAbout } from './in-force.ts'
import { requireWorkspace } from './locate.ts'
import { ruleMistaken, rulesMistaken } from './messages.ts'
import { waitsItself, type InForceFrom } from './messages/filters-add.ts'
import { findWorkspace } from './workspace.ts'

/** What `filters add` and `filters import` write to, at either level. */
const fileName = 'added.rules'

export interface Added {
  /** The file, as shown to people. */
  readonly source: string
  readonly rules: readonly Rule[]
  /** All that is in force from now on. */
  readonly all: RuleSet
  readonly from: InForceFrom
}

/**
 * Adds lines to the rules of a level, and has them in force at once.
 * @param choose the lines, by what the level has already
 * @throws SyncError for a mistake in the rules, old or new, and where the file cannot be written.
 */
export async function addRules(
  context: Context,
  level: 'workspace' | 'user',
  choose: (there: readonly Rule[]) => readonly string[],
): Promise<Added> {
  const [{ compileRules }, { configFiles }] = await Promise.all([
    import('../classify/classify.ts'),
    import('../config/config.ts'),
  ])
  const { place, source } = await placeOf(context, level)
  const { loaded, trusted } = await loadInForce(context)
  refuseWaiting(trusted, source)
  const { ruleFiles, config } = loaded
  const compiled = (text: string) => {
    const file: RuleFile = { level, source, text }
    const others = ruleFiles.filter((one) => one.source !== source)
    return compileRules([...others, file], config.rules.default)
  }
  let rules: readonly Rule[] = []
  let all: RuleSet | null = null
  let written = ''
  await configFiles.changeRules(place, context.clock, (old) => {
    const before = compiled(old)
    if (before.mistakes.length > 0) {
      const { message, hint } = rulesMistaken(before.mistakes.length)
      throw new SyncError('rules', message, hint)
    }
    const lines = choose(before.rules.rules.filter((rule) => rule.level === level))
    written = lines.length === 0 ? old : configFiles.withLines(old, lines)
    const after = compiled(written)
    const [mistake] = after.mistakes
    if (mistake !== undefined) {
      const { message, hint } = ruleMistaken(mistake)
      throw new SyncError('rules', message, hint)
    }
    const oldLines = configFiles.withLines(old, []).split('\n').length - 1
    rules = after.rules.rules.filter((rule) => rule.source === source && rule.line > oldLines)
    all = after.rules
    return written
  })
  warnAbout(context, loaded)
  return { source, rules, all: all ?? compiled(written).rules, from: await putInForce(context, level, source, written) }
}

async function placeOf(
  context: Context,
  level: 'workspace' | 'user',
): Promise<{ readonly place: RulePlace; readonly source: string }> {
  const { configFiles } = await import('../config/config.ts')
  if (level === 'workspace') {
    const base = requireWorkspace(context.directory).root
    const directories = configFiles.filtersDirectory.split('/')
    return { place: { base, directories, name: fileName }, source: `${configFiles.filtersDirectory}/${fileName}` }
  }
  const { env, home } = context
  const { filters } = configFiles.userPlaces({ workspace: null, home, env, sets: [] })
  // Whoever keeps a configuration elsewhere and links to it wants it written there.
  return { place: { base: filters, directories: [], name: fileName }, source: join(filters, fileName) }
}

/** A word for one's own line must not be one for theirs. */
function refuseWaiting(trusted: Trusted | null, source: string): void {
  if (trusted?.waiting.some(({ path }) => path === source) !== true) return
  const { message, hint } = waitsItself(source)
  throw new SyncError('rules', message, hint)
}

/** What was typed here is in force, whatever some commit may hold. */
async function putInForce(
  context: Context,
  level: 'workspace' | 'user',
  source: string,
  written: string,
): Promise<InForceFrom> {
  const workspace = findWorkspace(context.directory)
  if (workspace === null) return { kind: 'next-start' }
  const { ask } = await import('../control/control.ts')
  const sha256 = createHash('sha256').update(written).digest('hex')
  const waiting = level === 'user' ? [] : ((await trustedHere(context, null))?.waiting ?? [])
  const trusted = waiting.filter((one) => one.path === source && one.sha256 === sha256)
  if ((await ask(workspace.stateDir, 'ack', { acknowledged: [], trusted })) !== 'no-daemon') {
    const status = await ask(workspace.stateDir, 'status', {})
    const reason = status === 'no-daemon' ? null : status.reason
    const isStuck = reason?.startsWith('rules and settings stay as they were') === true
    return isStuck ? { kind: 'stuck', reason } : { kind: 'now' }
  }
  if (trusted.length > 0) {
    const { stateAtRest } = await import('../daemon/daemon.ts')
    stateAtRest.say(workspace.stateDir, context.clock.nowMs(), { acknowledged: [], trusted })
  }
  return { kind: 'next-start' }
}
