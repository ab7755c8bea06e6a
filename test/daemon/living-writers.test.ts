import { expect, test } from 'vitest'
import { livingWriters } from '../../src/daemon/living-writers.ts'
import type { Config } from '../../src/config/config.ts'
import { systemClock } from '../../src/platform/platform.ts'
import type { Observer } from '../../src/witness/witness.ts'
import { until } from '../support/until.ts'

const config = (): Config => ({ writers: { autonomous: ['my-daemon'], agent: [] } }) as unknown as Config
const blind = { canName: false, writers: () => [] } as unknown as Observer

test('where nobody can be named, configured programs that run are told all the same, and the list is asked for once', async () => {
  let asked = 0
  const list = async () => {
    asked += 1
    return [{ pid: 5, parent: 1, executable: '/opt/my-daemon' }]
  }
  const writers = livingWriters(blind, systemClock, config, list)
  expect(writers()).toEqual([])
  await until('the list is read', () => writers().length > 0, 5_000)
  expect(writers()).toEqual([{ kind: 'autonomous', name: 'my-daemon', tier: null, policy: null }])
  expect(asked).toBe(1)
})

test('a system without a list of processes harms nothing', async () => {
  const broken = livingWriters(blind, systemClock, config, () => Promise.reject(new Error('no ps here')))
  expect(broken()).toEqual([])
  await Promise.resolve()
  expect(broken()).toEqual([])
})
