import type { Classifier } from '../classify/classify.ts'
import { loadConfig, type Config, type ConfigInput, type LoadedConfig } from '../config/config.ts'
import { SyncError } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import { readTrusted, withConsents, type Consent } from '../trust/trust.ts'
import { buildClassifier } from './classifier.ts'
import { failureOf } from './failure.ts'
import type { StateStore } from './state-file.ts'

/** Git may be about to commit what it has just written: then whose it is shows within this time. */
const lookAgainMs = 2_000
/** A merge may stay open for hours; the look at it comes ever more seldom. */
const lookAgainMsMax = 60_000

/** Lines of mistakes; more are counted. */
const mistakesTold = 30

export type LiveChange =
  | { readonly kind: 'changed'; readonly before: LoadedConfig; readonly after: LoadedConfig; readonly mended: boolean }
  | { readonly kind: 'mistaken'; readonly mistake: Mistake }
  /** What was wrong is right again, and all is as it was in force. */
  | { readonly kind: 'mended' }

export interface Mistake {
  /** All of it in one line, with what to do. */
  readonly text: string
  /** Each mistake with its place. */
  readonly lines: readonly string[]
}

export interface LiveInput {
  readonly config: ConfigInput
  readonly engine: GitEngine
  readonly state: StateStore
  readonly clock: Clock
}

interface Reading {
  readonly loaded: LoadedConfig
  readonly classifier: Classifier
  readonly undecided: readonly Consent[]
}

/** Rules and settings in force. They change while the daemon runs: ask for them each time. */
export class Live {
  /** Called when something else is in force, or something else is wrong. Set before the first `reload`. */
  onChange: (change: LiveChange) => void = () => {}
  readonly #input: LiveInput
  #now: Reading
  #mistake: Mistake | null = null
  #waitMs = lookAgainMs
  #cancel = (): void => {}
  #isClosed = false
  #reading: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(input: LiveInput, first: Reading) {
    this.#input = input
    this.#now = first
    this.#lookAgain()
  }

  get config(): Config {
    return this.#now.loaded.config
  }

  get classifier(): Classifier {
    return this.#now.classifier
  }

  get waiting(): LoadedConfig['waiting'] {
    return this.#now.loaded.waiting
  }

  get warnings(): readonly string[] {
    return [...this.#now.loaded.warnings, ...waitingLines(this.#now.loaded)]
  }

  /** Why what lies on the disk now is not in force; null: it is. */
  get mistake(): Mistake | null {
    return this.#mistake
  }

  /** Reads all of it again. Calls that come while one reads share the next reading. */
  reload(): Promise<void> {
    if (this.#reading === null) {
      this.#reading = this.#reload().finally(() => (this.#reading = null))
      return this.#reading
    }
    this.#next ??= this.#reading.then(() => {
      this.#next = null
      return this.reload()
    })
    return this.#next
  }

  close(): void {
    this.#isClosed = true
    this.#cancel()
  }

  async #reload(): Promise<void> {
    const before = this.#now
    const wasMistaken = this.#mistake !== null
    try {
      this.#now = await read(this.#input, before.undecided)
      this.#mistake = null
      if (markOf(before.loaded) !== markOf(this.#now.loaded)) {
        this.onChange({ kind: 'changed', before: before.loaded, after: this.#now.loaded, mended: wasMistaken })
      } else if (wasMistaken) this.onChange({ kind: 'mended' })
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      const mistake = mistakeOf(error)
      const isNews = mistake.text !== this.#mistake?.text
      this.#mistake = mistake
      if (isNews) this.onChange({ kind: 'mistaken', mistake })
    }
    this.#lookAgain()
  }

  #lookAgain(): void {
    this.#cancel()
    if (this.#isClosed) return
    if (this.#now.undecided.length === 0) {
      this.#waitMs = lookAgainMs
      return
    }
    this.#cancel = this.#input.clock.after(this.#waitMs, () => void this.reload())
    this.#waitMs = Math.min(2 * this.#waitMs, lookAgainMsMax)
  }
}

/** Of several the configuration has a title in its first line. */
function mistakeOf({ message, hint }: SyncError): Mistake {
  const all = message.split(/\s*\n\s*/)
  const more = all.length - mistakesTold
  const told = more > 0 ? [...all.slice(0, mistakesTold), `and ${more} more`] : all
  const hasTitle = told.length > 1 && told[0]?.endsWith(':') === true
  return { text: `${told.join(' ')}; ${hint}`, lines: hasTitle ? told.slice(1) : told }
}

/** @throws SyncError for a mistake: a daemon never starts on rules or settings that it only half understands. */
export async function openLive(input: LiveInput): Promise<Live> {
  return new Live(input, await read(input, []))
}

/** @throws SyncError for a mistake, naming each with its place. */
async function read({ config, engine, state, clock }: LiveInput, before: readonly Consent[]): Promise<Reading> {
  const nowMs = clock.nowMs()
  const isSettled = ({ path, sha256 }: Consent): boolean =>
    before.some((one) => one.path === path && one.sha256 === sha256 && one.atMs <= nowMs - lookAgainMs)
  const consents = state.value.trusted
  const root = engine.repository.root
  const isBringing = state.value.bringing !== null
  const gitEngine = (): Promise<GitEngine> => Promise.resolve(engine)
  const trusted = await readTrusted({ root, consents, nowMs, isBringing, engine: gitEngine, isSettled })
  const loaded = await loadConfig(config, trusted.say)
  const { classifier } = buildClassifier(loaded.config, loaded.ruleFiles)
  if (trusted.fresh.length > 0) remember(state, trusted.fresh)
  return { loaded, classifier, undecided: trusted.isUndecided ? firstSeen(trusted.waiting, before) : [] }
}

/** What waited already keeps the instant at which it was first seen. */
function firstSeen(waiting: readonly Consent[], before: readonly Consent[]): readonly Consent[] {
  return waiting.map((one) => before.find(({ path, sha256 }) => path === one.path && sha256 === one.sha256) ?? one)
}

/** What cannot be written now is found again by the next reading. */
function remember(state: StateStore, fresh: readonly Consent[]): void {
  try {
    state.update({ trusted: withConsents(state.value.trusted, fresh) })
  } catch (error) {
    failureOf(error)
  }
}

/** One line for each file that waits. */
export function waitingLines({ waiting }: LoadedConfig): readonly string[] {
  return waiting.map(({ path, reason }) => `${path} ${reason}`)
}

function markOf({ settings, ruleFiles, waiting, warnings }: LoadedConfig): string {
  return JSON.stringify([settings, ruleFiles, waiting, warnings])
}
