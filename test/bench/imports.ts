/**
 * What each run-time dependency costs a process that imports it, and nothing else: the figures of DECISIONS.md. Time is
 * that of the processor, which a busy machine changes least.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BenchRow } from './row.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

interface Cost {
  readonly ms: number
  readonly rssBytes: number
}

/** The packages take turns, so that what else runs on the machine meets all of them. */
export function benchImports(rounds: number): readonly BenchRow[] {
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const names = [null, ...Object.keys(dependencies)]
  const costs = new Map<string | null, Cost[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) for (const name of names) costs.get(name)?.push(costOf(name))
  const bareBytes = least(costs.get(null) ?? [], 'rssBytes')
  return names.flatMap((name): readonly BenchRow[] => {
    const own = costs.get(name) ?? []
    const megabytes = (least(own, 'rssBytes') - (name === null ? 0 : bareBytes)) / 2 ** 20
    const size = { name: `${name ?? 'bare Node'}, memory`, value: rounded(megabytes), unit: 'MB', reach: '' }
    if (name === null) return [size]
    return [{ name: `${name}, import`, value: rounded(least(own, 'ms')), unit: 'ms', reach: '' }, size]
  })
}

function costOf(name: string | null): Cost {
  const script = `
    const before = process.cpuUsage()
    ${name === null ? '' : `await import(${JSON.stringify(name)})`}
    const { user, system } = process.cpuUsage(before)
    process.stdout.write(JSON.stringify({ ms: (user + system) / 1e3, rssBytes: process.memoryUsage.rss() }))`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
  return JSON.parse(out) as Cost
}

/** What else runs on the machine can only add to it. */
function least(costs: readonly Cost[], what: keyof Cost): number {
  return Math.min(...costs.map((cost) => cost[what]))
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
