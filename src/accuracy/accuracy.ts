/** How often the rules and layers are right about what people and programs were recorded to write. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Config } from '../config/config.ts'
import { buildClassifier } from '../daemon/daemon.ts'
import { errnoOf, SyncError } from '../errors.ts'
import type { RuleFile } from '../types.ts'
import { judgeEntry } from './judge-entry.ts'
import { scoreOf, type Judged, type Score } from './score.ts'
import { parseTrace, type Trace } from './trace.ts'

export type { Fault, Judged, Score, Tally } from './score.ts'

const shipped = join(import.meta.dirname, '..', '..', 'fixtures', 'traces')

/**
 * @param paths absolute, of trace files; none: those that come with this program.
 * @throws SyncError `usage` for a file that cannot be read or is no trace; `rules` for rules with a mistake.
 */
export async function checkAccuracy(
  paths: readonly string[],
  config: Config,
  ruleFiles: readonly RuleFile[],
): Promise<Score> {
  const { classifier } = buildClassifier(config, ruleFiles)
  const judged: Judged[] = []
  for (const { scenario, entries } of (paths.length === 0 ? shippedTraces() : paths).map(readTrace)) {
    for (const entry of entries) {
      const { decision, layer, reason } = await judgeEntry(classifier, entry)
      const { path, by, class: name, wanted } = entry
      judged.push({ scenario, path, by, class: name, wanted, verdict: decision, layer, reason })
    }
  }
  return scoreOf(judged)
}

function shippedTraces(): readonly string[] {
  return readdirSync(shipped)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .map((name) => join(shipped, name))
}

function readTrace(path: string): Trace {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = errnoOf(error) ?? 'unknown error'
    throw new SyncError('usage', `${basename(path)} cannot be read (${code})`, 'name an existing trace file')
  }
  const parsed = parseTrace(text)
  if (parsed.kind === 'trace') return parsed.trace
  const problem = `${basename(path)}:${parsed.line}: ${parsed.problem}`
  throw new SyncError('usage', problem, 'fixtures/traces/README.md says how a trace is written')
}
