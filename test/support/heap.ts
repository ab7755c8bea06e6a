import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What `make` leaves on the heap while its result is held, in MB. */
export function heldMb<T>(make: () => T): { readonly mb: number; readonly held: T } {
  collect()
  const before = process.memoryUsage().heapUsed
  const held = make()
  collect()
  return { mb: (process.memoryUsage().heapUsed - before) / 2 ** 20, held }
}
