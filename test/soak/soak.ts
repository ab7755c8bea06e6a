/**
 * Long plays of the real thing. Each prints what it saw and ends with exit code 1 when something was lost.
 *
 *   npm run soak -- [--play machines|noise|kills|user] [--seed 1] [--minutes 10]
 *
 * machines: clones of one remote, a daemon on each, edits on all of them while the ways to the remote are cut and healed
 * (`--machines 3`, `--edits` instead of minutes, `--mode merge|rebase`).
 * kills: a daemon that is killed again and again amid edits (`--kills 1000` instead of minutes, and with it `--at-once 3`
 * for as many workspaces, whose kills are counted together).
 * user: a person's git commands beside the daemon (`--commands 2000` instead of minutes, `--record <file>` for all of it).
 * noise: one daemon beside programs that write for themselves, on a clone of a real repository (`--repo <dir>`).
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { playMachines } from '../machines/play.ts'
import { playKills } from '../plays/kills.ts'
import { playKillsAtOnce } from '../plays/kills-at-once.ts'
import { playUser } from '../plays/user.ts'
import { log } from './ground.ts'

const { values } = parseArgs({
  strict: false,
  options: {
    play: { type: 'string', default: 'machines' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    machines: { type: 'string', default: '3' },
    edits: { type: 'string' },
    kills: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
    commands: { type: 'string' },
    mode: { type: 'string', default: 'merge' },
    record: { type: 'string' },
  },
})
/** Edits that are made in a minute: one in 25 ms at most, and somewhat fewer. */
const editsPerMinute = 3_000
const program = fileURLToPath(new URL('../../../bin/workspace-sync.js', import.meta.url))
const seed = Number(values.seed)
const endMs = performance.now() + Number(values.minutes) * 60_000

/** @returns whether all is well */
async function play(): Promise<boolean> {
  if (values.play === 'kills') {
    const kills = Number(values.kills ?? Infinity)
    const until = values.kills === undefined ? endMs : Infinity
    const atOnce = Number(values['at-once'])
    const result =
      atOnce > 1 && kills < Infinity
        ? await playKillsAtOnce([fileURLToPath(import.meta.url), '--play', 'kills'], { seed, kills, atOnce, log })
        : await playKills({ seed, kills, endMs: until, withChildrenShare: 0.4, program, log })
    tell(result)
    return result.lost.length + result.faults.length === 0
  }
  if (values.play === 'user') {
    const commands = Number(values.commands ?? Infinity)
    const until = values.commands === undefined ? endMs : Infinity
    const recordFile = typeof values.record === 'string' ? values.record : null
    const result = await playUser({ seed, commands, endMs: until, recordFile, log })
    tell(result)
    return result.lost.length + result.faults.length === 0
  }
  const result = await playMachines({
    seed,
    machines: Number(values.machines),
    edits: Number(values.edits ?? Number(values.minutes) * editsPerMinute),
    mode: values.mode === 'rebase' ? 'rebase' : 'merge',
    log,
  })
  tell(result)
  return result.lost.length === 0 && result.equalAfterMs !== null
}

function tell(result: { readonly lost: readonly string[] }): void {
  log(JSON.stringify({ seed, ...result, lost: result.lost.slice(0, 20), lostCount: result.lost.length }, null, 2))
}

if (values.play === 'noise') await import('./noise.ts')
else process.exit((await play()) ? 0 : 1)
