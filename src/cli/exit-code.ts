/** What the exit status says. */
export const exitCode = {
  /** Done; healthy; sync. */
  done: 0,
  /** Failed; unhealthy; block. */
  failed: 1,
  /** Usage, configuration, or not a usable work tree. */
  usage: 2,
  noDaemon: 3,
  hold: 4,
} as const
