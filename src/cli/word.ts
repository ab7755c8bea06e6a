import type { Word } from '../daemon/daemon.ts'
import type { Consent, Trusted } from '../trust/trust.ts'
import type { Context } from './context.ts'
import { configInput } from './in-force.ts'

/** What one request may carry: some hundred bytes each. */
const perRequest = 2_000

export interface Agreed {
  readonly agreed: readonly Consent[]
  /** What could not be in force: it has a mistake. */
  readonly refused: readonly { readonly path: string; readonly why: string }[]
}

/**
 * A yes to those of the workspace's own files that wait and are wanted. One with a mistake is refused: it would stop
 * the next start.
 * @param wanted by their path from the root
 */
export async function agreedWithin(
  context: Context,
  trusted: Trusted | null,
  wanted: (path: string) => boolean,
  by: 'ack' | 'init',
  reason: string | null,
): Promise<Agreed> {
  const waiting = (trusted?.waiting ?? []).filter(({ path }) => wanted(path))
  if (trusted === null || waiting.length === 0) return { agreed: [], refused: [] }
  const agreed: Consent[] = []
  const refused: { path: string; why: string }[] = []
  for (const consent of waiting) {
    const why = await mistakeIn(context, trusted, consent.path)
    if (why === null) agreed.push({ ...consent, by, reason })
    else refused.push({ path: consent.path, why })
  }
  return { agreed, refused }
}

/** What would be wrong if that file were in force. */
async function mistakeIn(context: Context, { say }: Trusted, path: string): Promise<string | null> {
  const [{ checkConfig, mistakeLine }, { compileRules }] = await Promise.all([
    import('../config/config.ts'),
    import('../classify/classify.ts'),
  ])
  const texts = say.texts.filter((text) => text.path === path).map((text) => ({ ...text, waits: null }))
  const result = await checkConfig(configInput(context), { texts, faults: [] })
  if (result.kind === 'mistaken') {
    const own = result.mistakes.find(({ source }) => source === path)
    return own === undefined ? null : mistakeLine(own)
  }
  const files = result.loaded.ruleFiles.filter(({ level }) => level === 'workspace')
  const [first] = compileRules(files, 'ANALYZE').mistakes
  return first === undefined ? null : mistakeLine(first)
}

/** Tells the daemon, or, where none runs, writes it down for the next one. @returns whether a daemon heard it. */
export async function recordWord(stateDir: string, nowMs: number, word: Word): Promise<boolean> {
  const { acknowledged, trusted } = word
  if (acknowledged.length === 0 && trusted.length === 0) return false
  const { ask } = await import('../control/control.ts')
  for (let at = 0; at === 0 || at < acknowledged.length; at += perRequest) {
    const part = { acknowledged: acknowledged.slice(at, at + perRequest), trusted: at === 0 ? trusted : [] }
    if ((await ask(stateDir, 'ack', part)) !== 'no-daemon') continue
    const { stateAtRest } = await import('../daemon/daemon.ts')
    stateAtRest.say(stateDir, nowMs, word)
    return false
  }
  return true
}
