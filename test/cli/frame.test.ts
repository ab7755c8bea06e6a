import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cliPlace, pretendWorkTree } from '../support/run-cli.ts'

const commands = [
  'start',
  'stop',
  'sync',
  'status',
  'test-filter',
  'release',
  'run',
  'filters',
  'filters list',
  'filters check',
  'init',
  'demo',
  'benchmark',
  'config',
  'config show',
  'config check',
  'config schema',
]

test.each(commands)('%s --help shows the common options and an example', async (command) => {
  const { code, out, err } = await cliPlace().run([...command.split(' '), '--help'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('--workspace <dir>')
  expect(out).toMatch(new RegExp(`Example:\\n  .*workspace-sync ${command}`))
})

test('help and version of the program are no failure', async () => {
  const place = cliPlace()
  expect(await place.run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' })
  const { code, out } = await place.run(['--help'])
  expect(code).toBe(0)
  for (const command of commands.filter((name) => !name.includes(' '))) expect(out).toContain(`\n  ${command}`)
})

test('without a command it shows what there is, as a mistake of usage', async () => {
  const { code, out, err } = await cliPlace().run([])
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('Usage: workspace-sync <command>')
})

test('a misspelt command names the nearest one', async () => {
  const { code, err } = await cliPlace().run(['statsu'])
  expect(code).toBe(2)
  expect(err).toBe("error: unknown command 'statsu'\n(Did you mean status?)\n")
})

test.each([
  [['status', '--jsn'], "error: unknown option '--jsn'\n(Did you mean --json?)\n"],
  [['release'], "error: missing required argument 'path'\nsee workspace-sync --help\n"],
  [['stop', 'now'], expect.stringContaining('error: too many arguments')],
  [['config', 'shwo'], expect.stringContaining('Did you mean show?')],
  [['stat'], "error: unknown command 'stat'\n(Did you mean status?)\n"],
  [['sta'], "error: unknown command 'sta'\n(Did you mean one of start, status?)\n"],
  [['config', 'sch'], "error: unknown command 'sch'\n(Did you mean schema?)\n"],
  [['ack', '--reasn', 'x'], "error: unknown option '--reasn'\n(Did you mean --reason?)\n"],
  [['status', '-C'], expect.stringContaining("option '-C, --workspace <dir>' argument missing")],
])('a mistake of usage exits 2: %j', async (args, words) => {
  const { code, err } = await cliPlace().run(args)
  expect(code).toBe(2)
  expect(err).toEqual(words)
})

test('a directory that does not exist, and one outside of a work tree, exit 2 with what to do', async () => {
  const place = cliPlace()
  expect(await place.run(['status', '-C', 'nowhere'])).toEqual({
    code: 2,
    out: '',
    err: `error: ${join(place.root, 'nowhere')} is not a directory\nname an existing one with -C\n`,
  })
  for (const command of [['status'], ['stop'], ['sync'], ['release', 'x']]) {
    const { code, err } = await place.run(command)
    expect([code, err.split('\n')[0]]).toEqual([2, `error: ${place.root} is not in a git work tree`])
  }
})

test('what needs a daemon exits 3 without one', async () => {
  const place = cliPlace()
  pretendWorkTree(place.root)
  for (const command of [['stop'], ['sync'], ['sync', 'a'], ['release', 'x']]) {
    expect(await place.run(command)).toEqual({
      code: 3,
      out: '',
      err: `error: no daemon is running for ${place.root}\nstart it with workspace-sync start\n`,
    })
  }
})

test('the common options stand before or after the command', async () => {
  const place = cliPlace()
  pretendWorkTree(place.root)
  mkdirSync(join(place.root, 'sub'))
  const cwd = join(place.root, '..')
  const remedy = `workspace-sync -C ${place.root} start`
  const running = { running: false, workspace: place.root, remedy, paused: null, last: null }
  for (const typed of [
    ['-C', 'ws/sub', '--json', 'status'],
    ['status', '--json', '--workspace', 'ws'],
    ['--json', 'status', '--workspace=ws'],
  ]) {
    const { code, out, err } = await place.run(typed, { cwd })
    expect([code, JSON.parse(out), err]).toEqual([3, running, ''])
  }
})

test('-q leaves only errors, and the exit code', async () => {
  const place = cliPlace()
  pretendWorkTree(place.root)
  expect(await place.run(['status', '-q'])).toEqual({ code: 3, out: '', err: '' })
})

test('the stack of an error is shown with -v only', async () => {
  const place = cliPlace()
  expect((await place.run(['status'])).err).not.toContain('    at ')
  expect((await place.run(['status', '-v'])).err).toContain('    at ')
  expect((await place.run(['--verbose', 'status'])).err).toContain('    at ')
})

test('a directory in the place of a file is told by its name', async () => {
  const place = cliPlace()
  mkdirSync(join(place.root, 'rules'))
  const { code, err } = await place.run(['filters', 'check', 'rules'])
  expect(code).toBe(2)
  expect(err).toBe('error: rules: not a regular file\nput a text file there\n')
})
