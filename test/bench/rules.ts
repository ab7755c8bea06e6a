/** Layer 1: nanoseconds per path, uncached, beside micromatch in the same run. */

import micromatch from 'micromatch'
import { measureRules } from '../../src/benchmark/rules.ts'
import { compileRules } from '../../src/classify/rules.ts'
import { pathBytes } from '../../src/types.ts'
import type { PathBytes } from '../../src/types.ts'
import type { BenchRow } from './row.ts'

const paths = 20_000
const sampling = { budgetMs: 10_000, samplesMax: 9 }
const known = [
  '**/node_modules/**', '**/.cache/**', '*.log', '*.tmp', '.env', '.DS_Store', '*~', '**/__pycache__/**', '*.pyc', 'dist/**',
  'logs/**/*.log', 'docs/**/*.md', 'projects/**', '/CLAUDE.md', '.claude/**', '*.{swp,swo}', 'coverage/', '*.pem', 'id_rsa', '**/target/**',
] // prettier-ignore

export async function benchRules(): Promise<BenchRow[]> {
  const asked = Array.from(seededPaths(paths))
  return [...(await benchSize(1_000, asked)), ...(await benchSize(10_000, asked))]
}

async function benchSize(count: number, asked: readonly PathBytes[]): Promise<BenchRow[]> {
  const globs = seededGlobs(count)
  const text = globs.map((glob, index) => `${index % 3 === 0 ? 'ALLOW' : 'BLOCK'}:${glob}:`).join('\n')
  const compileMs = fastestOf(5, () => compileRules([{ level: 'user', source: 'bench', text }], 'ANALYZE'))
  const { mistakes } = compileRules([{ level: 'user', source: 'bench', text }], 'ANALYZE')
  if (mistakes.length > 0) throw new Error(`seeded rules have a mistake: ${JSON.stringify(mistakes[0])}`)
  const row = await measureRules([{ level: 'user', source: 'bench', text }], asked, sampling)
  const options = { dot: true, noext: true }
  const one = asked[0] ?? pathBytes('a')
  const isMatch = fastestOf(1, () => globs.forEach((glob) => micromatch.isMatch(one, glob, options)))
  const rows: (readonly [name: string, value: number, unit: string, reach: string])[] = [
    [`rules, ${count} rules, uncached`, row.median, 'ns/path', count === 1000 ? '<= 2000' : '<= 5000'],
    [`micromatch.matcher list, ${count} rules`, row.reference?.median ?? NaN, 'ns/path', ''],
    [`micromatch.isMatch, ${count} rules`, isMatch * 1e6, 'ns/path', ''],
    [`rules, compile ${count}`, compileMs, 'ms', ''],
  ]
  return rows.map(([name, value, unit, reach]) => ({ name, value: Math.round(value * 10) / 10, unit, reach }))
}

/** What else runs on the machine can only add to a round. */
function fastestOf(rounds: number, run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const startedAt = performance.now()
    run()
    return performance.now() - startedAt
  })
  return Math.min(...times)
}

/** Multiplicative congruence: the same rules and paths in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const extensions = ['ts', 'js', 'md', 'json', 'log', 'py', 'txt', 'lock', 'yml', 'sh']
const folders = [
  'src',
  'docs',
  'logs',
  'projects',
  'scripts',
  'node_modules',
  '.claude',
  'test',
  'lib',
  'app',
  'dist',
  '.cache',
]

function* seededPaths(count: number): Generator<PathBytes> {
  const next = seeded(7)
  for (let index = 0; index < count; index += 1) {
    const depth = 1 + next(6)
    const names = Array.from({ length: depth }, () =>
      next(2) === 0 ? folders[next(folders.length)] : `dir${next(500)}`,
    )
    yield pathBytes([...names, `file${next(3000)}.${extensions[next(extensions.length)]}`].join('/'))
  }
}

function seededGlobs(count: number): string[] {
  const next = seeded(11)
  const folder = (): string => folders[next(folders.length)] ?? ''
  const extension = (): string => extensions[next(extensions.length)] ?? ''
  const shapes: readonly (() => string)[] = [
    () => `**/dir${next(5000)}/**`,
    () => `*.x${next(5000)}`,
    () => `**/file${next(5000)}.${extension()}`,
    () => `${folder()}/dir${next(5000)}/**`,
    () => `${folder()}/**/file${next(5000)}*.${extension()}`,
    () => `${folder()}/dir${next(500)}/file${next(3000)}.${extension()}`,
    () => `**/dir${next(500)}/*-${next(500)}.{${extension()},bak}`,
  ]
  const made = Array.from({ length: count - known.length }, () => shapes[next(shapes.length)]?.() ?? '')
  return [...known, ...made]
}
