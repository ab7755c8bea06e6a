import { setTimeout as sleep } from 'node:timers/promises'

/** How often the condition is asked, milliseconds. */
const everyMs = 5

/**
 * Waits until `condition` holds, and no longer. @throws with the name of what was awaited when `deadlineMs` have passed.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 5_000,
): Promise<void> {
  const endMs = performance.now() + deadlineMs
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`)
    await sleep(everyMs)
  }
}
