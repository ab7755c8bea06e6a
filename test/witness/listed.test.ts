import { expect, test } from 'vitest'
import { processes } from '../../src/platform/platform.ts'
import { listedWriters } from '../../src/witness/listed.ts'

const patterns = { autonomous: ['claude-.*-monitor'], agent: ['my-agent'] }
const shell = { pid: 10, parent: 1, executable: '/bin/zsh' }

test('a configured program is found in a list of processes, also by what it started', () => {
  const monitor = { pid: 20, parent: 10, executable: '/opt/claude-build-monitor' }
  const agent = { pid: 30, parent: 10, executable: 'my-agent' }
  const child = { pid: 31, parent: 30, executable: '/usr/bin/jq' }
  expect(listedWriters([shell, monitor, agent, child], patterns)).toEqual([
    { kind: 'autonomous', name: 'claude-build-monitor' },
    { kind: 'agent', name: 'my-agent' },
  ])
  expect(listedWriters([shell], patterns)).toEqual([])
})

test('parents in a circle, as reused pids may make one, end the search', () => {
  const one = { pid: 1, parent: 2, executable: 'a' }
  const other = { pid: 2, parent: 1, executable: 'b' }
  expect(listedWriters([one, other], patterns)).toEqual([])
})

test('the system lists this very process', async () => {
  const own = (await processes.listed()).find(({ pid }) => pid === process.pid)
  expect(own).toMatchObject({ parent: process.ppid })
  expect(own?.executable).toMatch(/node/)
})
