/**
 * Long plays of the real thing. Each prints what it saw and ends with exit code 1 when something was lost.
 *
 *   npm run soak -- [--play machines|noise] [--seed 1] [--minutes 10]
 *
 * machines: clones of one remote, a daemon on each, edits on all of them while the ways to the remote are cut and healed
 * (`--machines 3`, `--edits` instead of minutes, `--mode merge|rebase`).
 * noise: one daemon beside programs that write for themselves, on a clone of a real repository (`--repo <dir>`).
 */
import { parseArgs } from 'node:util'
import { playMachines } from '../machines/play.ts'
import { log } from './ground.ts'

const { values } = parseArgs({
  strict: false,
  options: {
    play: { type: 'string', default: 'machines' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    machines: { type: 'string', default: '3' },
    edits: { type: 'string' },
    mode: { type: 'string', default: 'merge' },
  },
})
/** Edits that are made in a minute: one in 25 ms at most, and somewhat fewer. */
const editsPerMinute = 3_000

if (values.play === 'noise') await import('./noise.ts')
else {
  const result = await playMachines({
    seed: Number(values.seed),
    machines: Number(values.machines),
    edits: Number(values.edits ?? Number(values.minutes) * editsPerMinute),
    mode: values.mode === 'rebase' ? 'rebase' : 'merge',
    log,
  })
  log(JSON.stringify({ ...result, lost: result.lost.slice(0, 20), lostCount: result.lost.length }, null, 2))
  process.exit(result.lost.length === 0 && result.equalAfterMs !== null ? 0 : 1)
}
