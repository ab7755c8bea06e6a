import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Heap } from './thrift.ts'

/** The process's own. */
export function createHeap(): Heap {
  let collect: (() => void) | null = null
  return {
    youngBytes: () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0,
    totalBytes: () => getHeapStatistics().total_heap_size,
    growYoung: (factor) => setFlagsFromString(`--semi-space-growth-factor=${factor}`),
    collect() {
      collect ??= collector()
      collect()
    },
  }
}

/** Node shows it to who asks for it at the start only; a context that is made while the flag is set has it too. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return typeof found === 'function' ? () => void found() : () => undefined
}
