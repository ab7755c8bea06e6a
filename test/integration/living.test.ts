import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { processIdentity, processStat } from '../../src/living.ts'
import { until } from '../support/until.ts'

test('a process that has ended and that nobody has asked for its end has no identity: a lock of it is nobody’s', async () => {
  // `sleep` does not know of the child of the shell that it replaced. The shell itself would ask, so the child ends later.
  const script = 'read -r end <&3 & echo $!; exec sleep 60 3<&-'
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] })
  try {
    const [said] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    const pid = Number(said)
    const parentPid = parent.pid ?? 0
    await until('the shell is replaced', () => readFileSync(`/proc/${parentPid}/comm`, 'utf8') === 'sleep\n')
    expect(processIdentity(pid)).toMatchObject({ pid })
    ;(parent.stdio[3] as Writable).end('end\n')
    await until('the child has ended', () => processStat(pid)?.state === 'Z')
    expect(processIdentity(pid)).toBe(null)
    expect(processIdentity(parentPid)).toMatchObject({ pid: parentPid })
  } finally {
    parent.kill()
    await once(parent, 'exit')
  }
})
