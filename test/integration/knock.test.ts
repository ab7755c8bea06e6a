import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { createKnock } from '../../src/push/push.ts'
import { openEngine } from '../support/open-engine.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'

const main = 'refs/heads/main'
let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ f: '0\n' })
  addRemote(repo)
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

function listen(): Promise<Server> {
  const server = createServer()
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

test('a server is at home while it listens', async () => {
  const knock = createKnock()
  const server = await listen()
  const { port } = server.address() as AddressInfo
  repo.git('config', 'remote.origin.url', `https://somebody:secret@localhost:${port}/a.git`)
  expect(await knock(engine, main)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
  expect(await knock(engine, main)).toBe(false)
})

test('a folder is at home while it lies there', async () => {
  const knock = createKnock()
  expect(await knock(engine, main)).toBe(true)
  repo.git('config', 'remote.origin.url', '../remote.git')
  expect(await knock(engine, main)).toBe(true)
  repo.git('config', 'remote.origin.url', join(repo.root, '..', 'gone'))
  expect(await knock(engine, main)).toBe(false)
})

test('nobody is at home in a place without a name, and where a branch goes nowhere', async () => {
  const knock = createKnock()
  repo.git('config', 'remote.origin.url', 'ssh://host.invalid/a.git')
  expect(await Promise.all([knock(engine, main), knock(engine, main)])).toEqual([false, false])
  repo.git('config', 'remote.origin.url', 's3://bucket/a')
  expect(await knock(engine, main)).toBe(false)
  expect(await knock(engine, 'refs/heads/other')).toBe(false)
})
