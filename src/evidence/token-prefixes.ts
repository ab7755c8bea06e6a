import { prefixTokens } from '../tokens.ts'
import type { Form } from './forms.ts'
import { looksDrawn } from './vendor-tokens.ts'

/** Tokens of services, each known by how it begins and how long it is. */
export const prefixForms: readonly Form[] = [
  ...prefixTokens.map(({ kind, prefix, pattern }) => ({
    kind,
    needs: [prefix.toLowerCase()],
    pattern,
    holds: looksDrawn,
  })),
  {
    kind: 'GitLab token',
    needs: ['glcbt-', 'gldt-', 'glffct-', 'glft-', 'glimt-', 'glagent-', 'gloas-', 'glptt-', 'glrt-', 'glsoat-'],
    pattern: /gl(?:cbt|dt|ffct|ft|imt|agent|oas|ptt|rt|soat)-(?<![A-Za-z0-9]gl[a-z]{2,5}-)[\w.-]{20,}/g,
    holds: looksDrawn,
  },
  { kind: 'New Relic key', needs: ['nral'], pattern: /\b[\da-f]{36}NRAL\b/g, holds: looksDrawn },
  { kind: 'MaxMind key', needs: ['_mmk'], pattern: /\b[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\b/g, holds: looksDrawn },
]
