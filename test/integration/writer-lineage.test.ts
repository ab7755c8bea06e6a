import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { processes, systemClock } from '../../src/platform/platform.ts'
import { Roll } from '../../src/witness/roll.ts'
import { tagHashOf, Trees } from '../../src/witness/trees.ts'
import { until } from '../support/until.ts'

/** Ways in which a child loosens itself from its parent; each runs `$own` and goes on. */
const ways: Readonly<Record<string, string>> = {
  child: 'sh -c "$own" child &',
  session: 'setsid sh -c "$own" session &',
  nohup: 'nohup sh -c "$own" nohup 2>/dev/null &',
  'own terminal': 'script -qfec "sh -c \'$own\' terminal" /dev/null </dev/null &',
  orphan: '(sh -c "$own" orphan &)',
  'without environment': 'env -i PATH="$PATH" sh -c "$own" bare &',
}

/** Tells its name and pid, and stays. */
const own = 'echo "$0 $$" >&3; exec sleep 60'

test('what a declared process starts is found as its own, however it was started', async () => {
  const tag = `helper:${'a1'.repeat(16)}`
  const script = `own='${own}'; export own\nread go\n${Object.values(ways).join('\n')}\nwait`
  const root = spawn('sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', WORKSPACE_SYNC_WRITER: tag },
    detached: true,
  })
  const pids = new Map<string, number>()
  onTestFinished(() => {
    for (const pid of [root.pid ?? 0, ...pids.values()]) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended with its terminal.
      }
    }
  })
  createInterface({ input: root.stdio[3] as NodeJS.ReadableStream }).on('line', (line) => {
    const [name = '', pid] = line.split(' ')
    pids.set(name, Number(pid))
  })
  const identity = processes.identity(root.pid ?? 0)
  if (identity === null) throw new Error('it runs')
  const nobody = { autonomous: [], agent: [] }
  // The test's own process counts as a stranger, or its children would be the daemon's.
  const trees = new Trees(processes.table, () => nobody, 0)
  const declared = trees.declare({
    name: 'helper',
    policy: 'sync',
    command: 'program',
    tagHash: tagHashOf(tag),
    cgroup: null,
    root: identity,
  })
  const roll = new Roll(processes.table, systemClock.nowMs(), trees.adopt)
  onTestFinished(() => roll.close())
  const callRoll = (): void => {
    roll.refresh(systemClock.nowMs())
    while (!roll.isComplete()) roll.refresh(systemClock.nowMs())
  }
  callRoll()
  root.stdin?.write('go\n')
  const names = ['child', 'session', 'nohup', 'terminal', 'orphan', 'bare']
  await until('all have started', () => names.every((name) => pids.has(name)), 15_000)
  callRoll()
  for (const name of names) expect(roll.living(pids.get(name) ?? 0)?.tree, name).toBe(declared.id)
  expect(roll.living(process.pid)?.tree).toBe(null)
})
