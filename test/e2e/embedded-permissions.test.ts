import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startChild } from '../support/child.ts'
import { httpRemote } from '../support/http-remote.ts'
import { asMortal } from '../support/mortal.ts'
import { makeWorkspace, program } from '../support/workspace.ts'

test('directories that may not be entered keep nothing else from being synced without git', async (context) => {
  const workspace = makeWorkspace(context, { 'listed/in.md': 'in\n', 'open.md': 'old\n' })
  const { repo, root, env, remote } = workspace
  repo.git('remote', 'set-url', 'origin', (await httpRemote(context, remote)).address())
  repo.write('open.md', 'new\n')
  mkdirSync(join(root, 'closed'))
  chmodSync(join(root, 'closed'), 0)
  // Its names can be read, and nothing that lies there can be looked at.
  chmodSync(join(root, 'listed'), 0o444)
  context.onTestFinished(() => ['closed', 'listed'].forEach((name) => chmodSync(join(root, name), 0o755)))
  const command = [...asMortal, process.execPath, program, 'start', '--once', '--set', 'engine=embedded']
  const child = startChild(context, command, { cwd: root, env })
  expect(await child.ended, child.err()).toBe(4)
  expect(child.out()).toMatch(/held listed\/in\.md: cannot be looked at .*chmod u\+rwX/)
  expect(workspace.onRemote('open.md')).toBe('new\n')
  expect(workspace.onRemote('listed/in.md')).toBe('in\n')
})
