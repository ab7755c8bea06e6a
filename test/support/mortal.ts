import { chmodSync, chownSync } from 'node:fs'

const isRoot = process.getuid?.() === 0

/** For root permission bits mean nothing, unless it gives up the rights to pass them by. */
export const asMortal: readonly string[] = isRoot
  ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search,-fowner,-chown', '--inh-caps=-all']
  : []

/** Nobody else has this number. */
const strangerId = 12_345

/** Makes it somebody else's who lets nobody in, as a start by `sudo` leaves files; without root only closes it. */
export function close(path: string): void {
  chmodSync(path, isRoot ? 0o600 : 0)
  if (isRoot) chownSync(path, strangerId, strangerId)
}

/** Gives it back. */
export function open(path: string): void {
  if (isRoot) chownSync(path, 0, 0)
  chmodSync(path, 0o600)
}
