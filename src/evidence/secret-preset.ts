import type * as Core from '@secretlint/core'
import type * as Profiler from '@secretlint/profiler'
import type * as Preset from '@secretlint/secretlint-rule-preset-recommend'
import { loadPackage } from '../packages.ts'
import type { FoundSecret } from './assigned-secrets.ts'
import { isLoginAddress } from './login-addresses.ts'
import { isOfAddresses, kindOf } from './secret-kinds.ts'
import { isPlaceholder } from './secret-words.ts'

export type Scan = (text: string) => Promise<readonly FoundSecret[]>

/** Longer ones are keys in several lines: what is marked in them is chance, or their place. */
const tokenMax = 300

/** What any preset finds. In two parts: this file is looked through, too. */
const sample = ['AKIA', 'Q4WZ7NXM2RTYB5KD'].join('')

/**
 * The preset's own rules, kept current by others.
 * @throws what an import throws, of an installation that is incomplete or just being replaced
 */
export async function loadPreset(): Promise<Scan> {
  const scan = scanOf(
    loadPackage('@secretlint/profiler') as typeof Profiler,
    loadPackage('@secretlint/core') as typeof Core,
    loadPackage('@secretlint/secretlint-rule-preset-recommend') as typeof Preset,
  )
  // Half an installation may load and find nothing.
  if ((await scan(sample)).length === 0) throw new Error('it finds nothing')
  return scan
}

function scanOf(
  { secretLintProfiler }: typeof Profiler,
  { lintSource }: typeof Core,
  { creator, rules }: typeof Preset,
): Scan {
  // As shipped it leaves about sixty performance entries behind for each scan, which are searched by the next one.
  secretLintProfiler.mark = () => undefined
  const aws = {
    id: '@secretlint/secretlint-rule-aws',
    // Off as shipped. It brings account ids along, twelve digits that are no secret.
    options: { enableIDScanRule: true },
    allowMessageIds: ['AWSAccountID'],
  }
  const scanning = {
    ...creator,
    create(context: Parameters<typeof creator.create>[0]) {
      // A comment in the very file must not wave it through; that is the user's acknowledgement's to do. (The preset
      // ignores `disabled` for its own rules.)
      for (const rule of rules) if (!rule.meta.id.endsWith('-filter-comments')) context.registerRule(rule)
    },
  }
  const config = { rules: [{ id: creator.meta.id, rule: scanning, rules: [aws] }] }
  return async (content) => {
    // One name for all: odd names end the process, and the name of this one switches on a check of package files.
    const source = { content, filePath: 'package.json', ext: '', contentType: 'text' as const }
    const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } })
    return messages
      .filter(({ ruleId, range }) => {
        const found = content.slice(...range)
        return isOfAddresses(ruleId) ? isLoginAddress(found) : found.length > tokenMax || !isPlaceholder(found)
      })
      .map(({ ruleId, range }) => ({ kind: kindOf(ruleId), at: range[0] }))
  }
}
