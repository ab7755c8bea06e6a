import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentedShapes } from './support/json-shape.ts'
import { registeredCommands, registeredProgram } from './support/registry.ts'
import { cliPlace } from './support/run-cli.ts'

const root = new URL('..', import.meta.url).pathname
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const commands = registeredCommands()
const paths = commands.map(({ path }) => path)

/** What the program must be able to do, whatever else it can. */
const owned = [
  'start',
  'stop',
  'restart',
  'pause',
  'resume',
  'sync',
  'status',
  'test-filter',
  'release',
  'health',
  'filters list',
  'filters check',
  'filters add',
  'filters import',
  'config show',
  'config check',
  'config schema',
  'init',
  'completion',
  'benchmark',
  'demo',
  'why',
  'debug',
  'history',
  'undo',
  'conflicts list',
  'conflicts show',
  'conflicts resolve',
  'logs',
  'ack',
  'run',
  'hooks install',
  'hooks remove',
  'doctor',
  'uninstall',
]

/** What they print is somebody else's: a shell's, a program's, the log's, an editor's. */
const printNoJsonOfTheirOwn = ['completion', 'config schema', 'logs', 'run']

test('every command that must be there is there', () => {
  for (const path of owned) expect(paths).toContain(path)
})

test.each(commands)(
  '$path: its help has a summary, an example, and a word on each option and argument',
  async (one) => {
    const { path, command } = one
    expect(command.description(), path).not.toBe('')
    for (const argument of command.registeredArguments) {
      expect(argument.description, `${path}: the argument "${argument.name()}" is explained`).not.toBe('')
    }
    for (const { description, flags } of command.options) expect(description, `${path} ${flags}`).not.toBe('')
    const { code, out, err } = await cliPlace().run([...path.split(' '), '--help'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`^Usage: workspace-sync ${path}\\b`))
    expect(out).toMatch(new RegExp(`Example:\\n  .*workspace-sync ${path}\\b`))
    for (const { long } of command.options) expect(out).toContain(long)
  },
)

test('every option that the README names is one of a command', () => {
  const options = [registeredProgram(), ...commands.map(({ command }) => command)].flatMap((one) => one.options)
  const known = new Set(['--help', ...options.flatMap(({ long, short }) => [long, short])])
  const spans = [...readme.matchAll(/`((?:workspace-sync|--?[a-zA-Z])[^`\n]*)`/g)].map(([, span = '']) => span)
  const named = spans.flatMap((span) => (span.split(' -- ')[0] ?? '').match(/(?<= |^)--?[a-zA-Z][a-z-]*/g) ?? [])
  expect(named.length).toBeGreaterThan(10)
  for (const option of named) expect([...known], `README: ${option}`).toContain(option)
})

function testSources(directory: string): string {
  const entries = readdirSync(directory, { withFileTypes: true })
  return entries
    .map((entry) => {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) return testSources(path)
      return path.endsWith('.test.ts') ? readFileSync(path, 'utf8') : ''
    })
    .join('\n')
}

test('every command that prints JSON has its shape in the README', () => {
  const printing = commands
    .filter(({ command }) => command.commands.length === 0)
    .map(({ path }) => path)
    .filter((path) => !printNoJsonOfTheirOwn.includes(path))
  expect(printing.length).toBeGreaterThan(25)
  const shapes = [...documentedShapes().keys()]
  for (const path of printing) expect(shapes).toContain(path)
  for (const path of printNoJsonOfTheirOwn) expect(paths).toContain(path)
})

test('every shape of the README’s table of JSON is one of a command, and is compared with what it prints', () => {
  const shapes = [...documentedShapes().keys()]
  const sources = testSources(join(root, 'test'))
  expect(shapes.length).toBeGreaterThan(10)
  for (const name of shapes) {
    expect(
      paths.some((path) => name === path || name.startsWith(`${path} `)),
      `there is a command "${name}"`,
    ).toBe(true)
    expect(sources, `a test calls expectShape('${name}'`).toContain(`expectShape('${name}'`)
  }
})
