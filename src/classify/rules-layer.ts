import type { RuleMatch } from '../types.ts'
import type { Layer } from './layers.ts'
import { oneLine } from './quoting.ts'

/** Says what the rules decided; the match is made by whoever asks, who needs it whatever the answer. */
export function createRulesLayer(match: RuleMatch): Layer {
  return {
    name: 'rules',
    // oxlint-disable-next-line require-yield -- a glob needs nothing but the path
    *ask() {
      const detail = described(match)
      if (match.action === 'BLOCK') return { outcome: 'block', detail }
      return match.action === 'ALLOW' ? { outcome: 'sync', class: 'immediate', detail } : { outcome: 'next', detail }
    },
  }
}

function described({ rule, action }: RuleMatch): string {
  if (rule === null) return `no rule matches: ${action} by default`
  const reason = rule.reason === '' ? '' : ` (${oneLine(rule.reason)})`
  return `${rule.action} ${oneLine(rule.glob)}${reason}, ${oneLine(rule.source)}:${rule.line}`
}
