import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BenchmarkResult } from '../../src/benchmark/benchmark.ts'
import { startChild } from '../support/child.ts'
import { expectShape } from '../support/json-shape.ts'
import { makeWorkspace, program, type Workspace } from '../support/workspace.ts'

async function benchmark(workspace: Workspace, args: readonly string[]) {
  const temporary = join(workspace.root, '..', 'tmp')
  mkdirSync(temporary, { recursive: true })
  const child = startChild(workspace.test, [process.execPath, program, 'benchmark', '--quick', ...args], {
    cwd: workspace.root,
    env: { ...workspace.env, TMPDIR: temporary },
  })
  const code = await child.ended
  return { code, out: child.out(), err: child.err(), left: readdirSync(temporary) }
}

test('benchmark measures every layer in a copy, and leaves the workspace and its remote as they were', async (context) => {
  const workspace = makeWorkspace(context, {
    'notes/today.md': 'note\n',
    '.gitattributes': '*.md filter=nobody-has-it\n',
    '.workspace-sync/filters/all.rules': 'BLOCK:**:everything\n',
  })
  writeFileSync(join(workspace.root, 'staged.md'), 'staged\n')
  workspace.repo.git('add', 'staged.md')
  writeFileSync(join(workspace.root, 'notes/today.md'), 'changed, not staged\n')
  const before = [workspace.repo.git('status', '--porcelain'), workspace.repo.git('for-each-ref'), stateOf(workspace)]

  const { code, out, left } = await benchmark(workspace, ['--json'])
  expect(code).toBe(0)
  const result = JSON.parse(out) as BenchmarkResult
  expectShape('benchmark', result)
  expect(result.workspace).toMatchObject({ trackedFiles: 3, copiedFiles: 1 })
  expect(new Set(result.rows.map(({ layer }) => layer))).toEqual(
    new Set(['rules', 'content', 'secrets', 'process', 'breaker', 'schedule', 'commit', 'round trip']),
  )
  for (const { name, median } of result.rows) expect(median, name).toEqual(expect.any(Number))

  expect([workspace.repo.git('status', '--porcelain'), workspace.repo.git('for-each-ref'), stateOf(workspace)]).toEqual(
    before,
  )
  expect(left).toEqual([])
}, 90_000)

function stateOf({ stateDir, remote }: Workspace): readonly unknown[] {
  return [existsSync(stateDir), remote.git('for-each-ref')]
}

test('benchmark outside of a work tree is a mistake of usage', async (context) => {
  const workspace = makeWorkspace(context)
  const outside = join(workspace.root, '..', 'outside')
  mkdirSync(outside)
  const { code, out, err } = await benchmark(workspace, ['-C', outside])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^error: .+ is not in a git work tree\n.+\n$/)
}, 30_000)
