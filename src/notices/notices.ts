/**
 * What is told to somebody who did not ask: paused, held, quarantined, or waiting for long. Once, with the command that
 * settles it, on the terminal at the next command, in the log, and on the desktop.
 */
import { follow, restore, save } from './episodes.ts'

export const episodes = { follow, restore, save } as const
export type { Episodes, SavedEpisodes } from './episodes.ts'
export { notifyDesktop } from './desktop.ts'
export { summaryLines } from './summary.ts'
export { troublesOf, type Situation, type Trouble } from './troubles.ts'
export { untold } from './untold.ts'
