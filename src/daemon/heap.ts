import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Heap } from './thrift.ts'

/** Beyond it nobody has tried whether V8 still has the flag, and it complains of one that it does not know. */
const newestTried = 24

/** The process's own. */
export function createHeap(major = Number.parseInt(process.versions.node, 10)): Heap {
  let collect: (() => void) | null = null
  return {
    youngBytes: () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0,
    totalBytes: () => getHeapStatistics().total_heap_size,
    growYoung(factor) {
      if (major <= newestTried) setFlagsFromString(`--semi-space-growth-factor=${factor}`)
    },
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
