import { createContentLayer } from '../../src/classify/content.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import { pathBytes, type ContentFinding } from '../../src/types.ts'
import { committed, plainFile } from './judging.ts'

const layer = createContentLayer(createVolatileKeys(['timestamp', 'last_update']), parsers)

/** What the content layer finds out about a file that was `before` when it was committed and is `now`. */
export function compared(name: string, before: string | Uint8Array, now: string | Uint8Array): ContentFinding {
  const base = committed(before)
  const evidence = { path: pathBytes(name), entry: plainFile, base, growth: null, bytes: Buffer.from(now) }
  const question = layer.ask(evidence, { allowed: false })
  let step = question.next(evidence)
  // Only the committed version is left to ask for.
  if (step.done !== true) step = question.next({ ...evidence, baseBytes: Buffer.from(before) })
  if (step.done !== true || step.value.content === undefined) throw new Error('no finding')
  return step.value.content
}
