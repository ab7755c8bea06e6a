/** What a recorded workspace is, and the words for what happens in it. */

export type Wanted = 'sync' | 'block' | 'hold'
export type By = 'person' | 'agent' | 'program'

export interface Label {
  readonly by: By
  readonly class: string
  /** null: nobody could say, so it is not recorded. */
  readonly wanted: Wanted | null
}

export interface Step extends Label {
  /** Run by bash in the work tree; HOME is a folder beside it. */
  readonly sh: string
  /** Paths (a pattern each) of the step that are something else; the first that matches counts. */
  readonly except?: readonly (readonly [path: RegExp, label: Label])[]
}

export interface Scenario {
  readonly name: string
  readonly about: string
  /** Makes what the first commit holds. */
  readonly before: string
  readonly steps: readonly Step[]
}

export const label = (by: By, name: string, wanted: Wanted | null): Label => ({ by, class: name, wanted })
export const secret = label('person', 'secret', 'hold')
export const swap = label('program', "editor's own file", 'block')
export const backup = label('program', 'backup', 'block')

/** An editor on a terminal of its own; keys are written to it with pauses, as `keys` says. */
export const onTerminal = (command: string, keys: string): string =>
  `( sleep 1; ${keys}; sleep 0.5 ) | TERM=xterm timeout 20 script -qfec '${command}' /dev/null >/dev/null || true`
