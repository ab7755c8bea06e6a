import type { PaceClass, PathBytes, RuleMatch } from '../types.ts'

/**
 * The class of a path that nothing slows down.
 *
 * @param code extensions in lower case without their dot. A name without an extension counts as one, so the list may
 *   hold `makefile`, and `gitignore` covers `.gitignore`.
 */
export function paceOf(path: PathBytes, match: RuleMatch, code: ReadonlySet<string>): PaceClass {
  if (match.action === 'ALLOW') return 'immediate'
  const name = path.slice(path.lastIndexOf('/') + 1)
  return code.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ? 'code' : 'default'
}
