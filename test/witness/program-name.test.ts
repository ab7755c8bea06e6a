import { expect, test } from 'vitest'
import { matchingPattern, provenProgram } from '../../src/witness/program-name.ts'

const files = new Set(['/usr/bin/claude-autonomous', '/srv/bot/claude-x-monitor.js', '/srv/bot/run.py', '/w/tool.sh'])

function names(executable: string, args: readonly string[], directory = '/'): readonly string[] {
  return provenProgram({ executable, args, directory: () => directory }, (path) => files.has(path)).names
}

test('a program has the name of the file that runs', () => {
  expect(names('/opt/claude-autonomous', ['anything', 'else'])).toEqual(['claude-autonomous'])
})

test('a script has the name of its file, with and without what says its language', () => {
  expect(names('/usr/bin/node', ['node', '/srv/bot/claude-x-monitor.js', '--watch'])).toEqual([
    'claude-x-monitor.js',
    'claude-x-monitor',
  ])
  expect(names('/usr/bin/python3.11', ['python3', '-u', 'run.py'], '/srv/bot')).toEqual(['run.py', 'run'])
  expect(names('/usr/bin/dash', ['sh', './tool.sh', 'x'], '/w')).toEqual(['tool.sh', 'tool'])
  expect(names('/usr/bin/node', ['node', '/usr/bin/claude-autonomous'])).toEqual(['claude-autonomous'])
})

test('options before the script are passed over, with their values', () => {
  expect(names('/usr/bin/node', ['node', '--import', 'tsx', '--no-warnings', '/srv/bot/run.py'])).toEqual([
    'run.py',
    'run',
  ])
})

test('what a process calls itself is no name', () => {
  // process.title = 'claude-autonomous' overwrites the arguments and leaves one text.
  expect(names('/usr/bin/node', ['claude-autonomous'])).toEqual(['node'])
  expect(names('/usr/bin/node', ['node /usr/bin/claude-autonomous'])).toEqual(['node'])
  expect(names('/usr/bin/vim', ['claude-autonomous', '/usr/bin/claude-autonomous'])).toEqual(['vim'])
  expect(names('/usr/bin/sh', ['claude-autonomous', '-c', 'echo'])).toEqual(['sh'])
})

test('a script that does not exist, or code on the command line, is no script', () => {
  expect(names('/usr/bin/node', ['node', '/nowhere/claude-autonomous'])).toEqual(['node'])
  expect(names('/usr/bin/node', ['node', '-e', '1', '/usr/bin/claude-autonomous'])).toEqual(['node'])
  expect(names('/usr/bin/python3', ['python3', '-m', 'claude-autonomous'])).toEqual(['python3'])
  expect(names('/usr/bin/node', ['node'])).toEqual(['node'])
})

test('a pattern must fit the whole name', () => {
  const patterns = ['claude-autonomous', 'claude-.*-monitor']
  expect(matchingPattern(['claude-autonomous'], patterns)).toBe('claude-autonomous')
  expect(matchingPattern(['claude-x-monitor.js', 'claude-x-monitor'], patterns)).toBe('claude-.*-monitor')
  for (const name of ['my-claude-autonomous', 'claude-autonomous2', 'claude-monitor', 'node', '']) {
    expect(matchingPattern([name], patterns), name).toBe(null)
  }
  expect(matchingPattern(['b'], ['a|b'])).toBe('a|b')
  expect(matchingPattern(['ab'], ['a|b'])).toBe(null)
})
