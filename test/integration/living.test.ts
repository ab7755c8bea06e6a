import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { processIdentity, processStat } from '../../src/living.ts'
import { until } from '../support/until.ts'

test('a process that has ended and that nobody has asked for its end has no identity: a lock of it is nobody’s', async () => {
  // `sleep` does not know of the child of the shell that it replaced.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const [said] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(said)
    await until('the child has ended', () => processStat(pid)?.state === 'Z')
    expect(processIdentity(pid)).toBe(null)
    expect(processIdentity(parent.pid ?? 0)).toMatchObject({ pid: parent.pid })
  } finally {
    parent.kill()
    await once(parent, 'exit')
  }
})
