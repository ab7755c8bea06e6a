/** One run of the play of kills in several workspaces at once, each in a process of its own: most of a kill is waiting. */
import { spawn } from 'node:child_process'
import type { KillsResult } from './kills.ts'

/** Seeds of one run's workspaces follow from its own. */
const seedsApart = 1_000

/**
 * @param command what plays one workspace, but for its seed and its kills, and prints its result as JSON at the end
 * @returns the sum of all
 */
export async function playKillsAtOnce(
  command: readonly string[],
  { seed, kills, atOnce, log }: { seed: number; kills: number; atOnce: number; log: (line: string) => void },
): Promise<KillsResult> {
  const parts = Array.from({ length: atOnce }, (_, at) => ({
    name: `workspace ${at + 1}`,
    seed: seed * seedsApart + at,
    kills: Math.floor((kills * (at + 1)) / atOnce) - Math.floor((kills * at) / atOnce),
  }))
  const results = await Promise.all(
    parts.map(async (part) => {
      const args = [...command, '--seed', String(part.seed), '--kills', String(part.kills)]
      return resultIn(await outputOf(args, (line) => log(`${part.name}: ${line}`)))
    }),
  )
  return results.reduce(sum)
}

async function outputOf(args: readonly string[], told: (line: string) => void): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    for (const line of text.split('\n')) if (/^(\{"|everything)/.test(line)) told(line)
  })
  await new Promise((resolve) => child.on('close', resolve))
  return out
}

/** @throws where a play ended without one. */
function resultIn(out: string): KillsResult {
  return JSON.parse(out.slice(out.lastIndexOf('\n{\n'))) as KillsResult
}

function sum(a: KillsResult, b: KillsResult): KillsResult {
  const verbs = [...new Set([...Object.keys(a.amidGit), ...Object.keys(b.amidGit)])]
  const both = (name: Exclude<keyof KillsResult, 'amidGit' | 'lost' | 'faults'>): number => a[name] + b[name]
  return {
    kills: both('kills'),
    withChildren: both('withChildren'),
    amidStart: both('amidStart'),
    edits: both('edits'),
    amidGit: Object.fromEntries(verbs.map((verb) => [verb, (a.amidGit[verb] ?? 0) + (b.amidGit[verb] ?? 0)])),
    pushedElsewhere: both('pushedElsewhere'),
    commits: both('commits'),
    merges: both('merges'),
    killsPerMinute: both('killsPerMinute'),
    lost: [...a.lost, ...b.lost],
    uncommitted: both('uncommitted'),
    faults: [...a.faults, ...b.faults],
  }
}
