import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { hookKinds, hookPlace } from '../../src/hooks/hooks.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { addRemote, gitEnvironment, makeRepo } from '../support/temp-repo.ts'

test('our own push is not judged by our part again, and the user’s hook hears of every push', async (context) => {
  const repo = makeRepo({ 'a.md': 'a\n' })
  context.onTestFinished(() => repo.dispose())
  addRemote(repo)
  const base = dirname(repo.root)
  const lines = (name: string): number => {
    try {
      return readFileSync(join(base, name), 'utf8').trim().split('\n').length
    } catch {
      return 0
    }
  }
  const hook = join(repo.root, '.git', 'hooks', 'pre-push')
  // It hands its environment on to a push of its own, as a program that it starts might.
  writeFileSync(hook, `#!/bin/sh\necho x >> '${base}/theirs'\necho "$WORKSPACE_SYNC_PUSH" > '${base}/shown'\n`)
  chmodSync(hook, 0o755)
  const program = join(base, 'own.sh')
  writeFileSync(program, `echo x >> '${base}/ours'\n`)
  const engine = await openEngine(repo)
  context.onTestFinished(() => engine.close())
  hookKinds[0]?.install({ place: await hookPlace(engine), node: '/bin/sh', program, anywhere: false })
  const push = async (): Promise<string> => {
    const { oid } = await engine.head()
    return (await engine.push({ remote: 'origin', oid: oid ?? '', upstreamRef: 'refs/heads/main' })).kind
  }

  repo.write('ours.md', 'by the daemon\n')
  await commitPaths(engine, ['ours.md'])
  expect(await push()).toBe('pushed')
  expect([lines('theirs'), lines('ours')]).toEqual([1, 0])
  const passes = readdirSync(engine.repository.stateDir).filter((name) => name.startsWith('push-pass-'))
  expect(passes).toEqual([])

  // Shown again after that push, the pass opens nothing.
  const shown = readFileSync(join(base, 'shown'), 'utf8').trim()
  expect(shown).toMatch(/push-pass-[0-9a-f]{16}$/)
  repo.write('a.md', 'by hand\n')
  repo.git('commit', '-qam', 'by hand')
  const env = { ...gitEnvironment, WORKSPACE_SYNC_PUSH: shown }
  execFileSync('git', ['push', '-q', 'origin', 'HEAD'], { cwd: repo.root, env })
  expect([lines('theirs'), lines('ours')]).toEqual([2, 1])

  // What a person committed was judged by nobody, also below a commit of ours.
  repo.write('a.md', 'again\n')
  repo.git('commit', '-qam', 'by hand')
  repo.write('ours.md', 'again\n')
  await commitPaths(engine, ['ours.md'])
  expect(await push()).toBe('pushed')
  expect([lines('theirs'), lines('ours')]).toEqual([3, 2])
})
