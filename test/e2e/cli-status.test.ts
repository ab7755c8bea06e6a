import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { processes } from '../../src/platform/platform.ts'
import { pretendWorkTree } from '../support/run-cli.ts'
import { statusFile } from '../support/status-file.ts'

const program = fileURLToPath(new URL('../../bin/workspace-sync.js', import.meta.url))

let root: string
let stateDir: string

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-sync-bin-')))
  stateDir = pretendWorkTree(root)
})

afterEach(() => rmSync(root, { recursive: true }))

function run(
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): { code: number | null; out: string; err: string } {
  const end = spawnSync(process.execPath, [...nodeArgs, program, ...args], { cwd: root, encoding: 'utf8' })
  return { code: end.status, out: end.stdout, err: end.stderr }
}

test('status answers without a daemon', () => {
  const out = 'running: false\nto start it: workspace-sync start\n'
  expect(run(['status'])).toEqual({ code: 3, out, err: '' })
  const json = { running: false, workspace: root, remedy: 'workspace-sync start', paused: null, last: null }
  expect(run(['--json', 'status'])).toEqual({ code: 3, out: `${JSON.stringify(json)}\n`, err: '' })
})

test('the short way and the long way to the status say the same', () => {
  const identity = processes.identity(process.pid)
  const file = statusFile({ writtenAtMs: Date.now(), startedAtMs: Date.now() - 3_600_000, ...identity })
  writeFileSync(join(stateDir, 'status.json'), JSON.stringify(file))
  mkdirSync(join(root, 'sub'))
  const short = run(['status', '-C', 'sub', '--no-color'])
  expect(short.out).toContain(`pid ${process.pid}`)
  expect(short.code).toBe(0)
  // -v is none of the forms that need no parser.
  expect(run(['status', '-C', 'sub', '-v'])).toEqual(short)
})

test('the short way loads nothing heavy', () => {
  const hook = join(root, 'loaded.cjs')
  writeFileSync(
    hook,
    `process.on('exit', () => {
      const heavy = /NativeModule (crypto|child_process|net|http)$/
      const files = Object.keys(require.cache).filter((name) => name.includes('node_modules'))
      require('fs').writeSync(2, JSON.stringify([...process.moduleLoadList.filter((name) => heavy.test(name)), ...files]))
    })`,
  )
  expect(run(['status'], ['-r', hook]).err).toBe('[]')
})

test('an old Node is told in one line', () => {
  const old = join(root, 'old.cjs')
  writeFileSync(old, "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.9' } })")
  expect(run(['status'], ['-r', old])).toEqual({
    code: 2,
    out: '',
    err: 'workspace-sync needs Node 20.19 or later; this is 20.18.9\n',
  })
})

test('a status longer than a pipe holds arrives whole', () => {
  const held = Array.from({ length: 5_000 }, (_, i) => ({ path: `notes/${i}.md`, reason: 'staged by you' }))
  const file = statusFile({ writtenAtMs: Date.now(), ...processes.identity(process.pid), held })
  writeFileSync(join(stateDir, 'status.json'), JSON.stringify(file))
  const slow = `"${process.execPath}" "${program}" status --json | { sleep 0.3; cat; }`
  const { stdout } = spawnSync('sh', ['-c', slow], { cwd: root, encoding: 'utf8' })
  expect((JSON.parse(stdout) as { held: unknown[] }).held).toHaveLength(5_000)
})

test('a reader that has seen enough is no error', () => {
  const end = spawnSync('sh', ['-c', `"${process.execPath}" "${program}" config schema; echo $? >&2`], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  expect(end.stderr).toBe('0\n')
  const cut = spawnSync(
    'sh',
    ['-c', `{ "${process.execPath}" "${program}" config schema; echo $? >&2; } | head -c 1`],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  expect([cut.stdout, cut.stderr]).toEqual(['{', '0\n'])
})
