import micromatch from 'micromatch'
import { compileRules } from '../classify/classify.ts'
import { pathText, type PathBytes, type RuleFile } from '../types.ts'
import { rowOf, sampled, type BenchmarkRow, type Sampling } from './measure.ts'

/** A list of matchers takes about 0.1 ms for a path and a thousand rules: a few paths tell enough. */
const listPathsMax = 300

/** The rules as compiled here, uncached, beside micromatch going through the same globs one by one. */
export async function measureRules(
  ruleFiles: readonly RuleFile[],
  paths: readonly PathBytes[],
  sampling: Sampling,
): Promise<BenchmarkRow> {
  const { rules } = compileRules(ruleFiles, 'ANALYZE')
  const options = { dot: true, noext: true }
  const matchers = rules.rules.map(({ glob }) => {
    return micromatch.matcher(glob.includes('/') ? glob : `**/${glob}`, options)
  })
  const few = paths.slice(0, listPathsMax).map(pathText)
  const [ours = [], list = []] = await sampled(
    sampling,
    () => paths.forEach((path) => rules.match(path)),
    () => few.forEach((path) => matchers.find((matches) => matches(path))),
  )
  const what = { layer: 'rules', name: `${rules.rules.length} rules, one path`, unit: 'ns' } as const
  return rowOf(what, ours, paths.length, { name: 'list of micromatch matchers', times: list, count: few.length })
}
