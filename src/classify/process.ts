import type { Writer } from '../types.ts'
import { gathered, type Answer, type Layer } from './layers.ts'

/**
 * Asks who wrote it. For a path that a rule ALLOWs only a declaration counts (an autonomous program that announced
 * itself, or a policy of `block`): what was merely observed must not outweigh what somebody wrote down.
 */
export const processLayer: Layer = {
  name: 'process',
  *ask(evidence, { allowed }) {
    const { writer } = yield* gathered(evidence, 'writer')
    if (writer.policy === 'block')
      return { outcome: 'block', detail: `${named(writer)} was started with --policy block` }
    if (writer.kind === 'autonomous' && (writer.tier === 'T1' || !allowed)) {
      return { outcome: 'block', detail: `${named(writer)} writes this for itself` }
    }
    return allowed ? { outcome: 'next', detail: `${named(writer)}: an ALLOW rule stands` } : byKind(writer)
  },
}

function byKind(writer: Writer): Answer {
  if (writer.kind === 'self') return { outcome: 'block', detail: 'not a change: written by workspace-sync itself' }
  if (writer.kind === 'agent') return { outcome: 'sync', detail: `${named(writer)}: its work is wanted` }
  return { outcome: 'next', detail: named(writer) }
}

function named({ kind, name, tier }: Writer): string {
  if (kind === 'unknown') return 'writer unknown'
  return `writer: ${kind}${name === null ? '' : ` "${name}"`}${tier === null ? '' : ` (${tier})`}`
}
