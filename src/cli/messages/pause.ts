import { printable } from '../printable.ts'

/** @param until as shown to people; null: until somebody resumes. */
export const paused = (until: string | null): string =>
  `paused ${until === null ? 'until workspace-sync resume' : `until ${until}`}; nothing is committed or pushed`

export const notSettled = 'a push that had begun is still under way and is ended first; workspace-sync status shows it'

export const fromNextStart = 'no daemon is running: this counts from the next start on'

/** @param isRunning a daemon runs, which goes on at once. */
export const resumed = (isRunning: boolean): string =>
  isRunning ? 'resumed; what waited is caught up now' : 'resumed; what waits is caught up at the next start'

export const notPaused = 'it was not paused'

export const notDuration = (text: string) => ({
  message: `"${printable(text)}" is no time to pause for`,
  hint: 'write a number and one of s, m, h, d, such as --for 30m, at most 3650d',
})

export const silentDaemon = (pid: number) => ({
  message: `the daemon (pid ${pid}) does not answer`,
  hint: 'look at workspace-sync status, or start it anew: workspace-sync restart',
})
