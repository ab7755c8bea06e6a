import { tokensIn } from '../tokens.ts'
import type { PathBytes, SecretFinding } from '../types.ts'
import { looksDrawn } from './vendor-tokens.ts'

/** A name is pushed as the content is, and stands in the commit's message besides. */
export function secretsInName(path: PathBytes): readonly SecretFinding[] {
  const kinds = tokensIn(path).flatMap(({ kind, token }) => (looksDrawn(token) ? [`${kind} in its name`] : []))
  return [...new Set(kinds)].map((kind) => ({ kind, line: null }))
}
