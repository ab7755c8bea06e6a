import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'

const root = new URL('..', import.meta.url).pathname
const documents = ['README.md', 'CONTRIBUTING.md', 'DECISIONS.md', 'CHANGELOG.md']
const text = (name: string): string => readFileSync(join(root, name), 'utf8')
const readme = text('README.md')

/** What stands in backquotes and looks like a path of this repository. */
function pathsIn(document: string): readonly string[] {
  const spans = [...text(document).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')
  const top = /^(?:src|filters|config|bin|test|fixtures|\.ci)\/[\w./-]*$/
  return spans.filter((span) => top.test(span))
}

test.each(documents)('%s names only paths that exist', (document) => {
  for (const path of pathsIn(document)) expect(existsSync(join(root, path)), `${document}: ${path}`).toBe(true)
})

test('the check of paths sees some', () => {
  expect(documents.flatMap(pathsIn).length).toBeGreaterThan(15)
})

test('links between the documents lead somewhere', () => {
  for (const document of documents) {
    for (const [, target = ''] of text(document).matchAll(/\]\(([^)]+)\)/g)) {
      expect(existsSync(join(root, target)), `${document}: ${target}`).toBe(true)
    }
  }
})

test('every script that a document names is in package.json', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
  const named = documents.flatMap((document) =>
    [...text(document).matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name),
  )
  expect(named.length).toBeGreaterThan(1)
  for (const name of named) expect(Object.keys(scripts)).toContain(name)
})

/** The commands as the program itself registers them, sub-commands as `filters list`. */
async function registered(): Promise<readonly string[]> {
  const program = new Command()
  for (const file of readdirSync(join(root, 'src/cli/commands'))) {
    const module = (await import(join(root, 'src/cli/commands', file))) as Record<string, unknown>
    for (const [name, register] of Object.entries(module)) {
      if (!name.startsWith('register') || typeof register !== 'function') continue
      register(program, () => async () => {})
    }
  }
  return program.commands.flatMap((command) =>
    command.commands.length === 0 ? [command.name()] : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
  )
}

test('the README’s table of commands is the program’s', async () => {
  const rows = [...readme.matchAll(/^\| `workspace-sync ([a-z-]+(?: [a-z-]+)?)[^`]*`\s*\|/gm)].map(
    ([, name = '']) => name,
  )
  expect(rows.toSorted()).toEqual((await registered()).toSorted())
})

test('options that the README gives to start exist', async () => {
  const help = text('src/cli/commands/start.ts')
  for (const option of ['--foreground', '--once', '--dry-run', '--no-push']) {
    expect(readme).toContain(option)
    expect(help).toContain(`'${option}'`)
  }
})

test('the settings that the README shows are settings', async () => {
  const { keys } = await import('../src/config/schema.ts')
  const shown = [...readme.matchAll(/--set ([\w.]+)=/g)].map(([, key]) => key)
  expect(shown.length).toBeGreaterThan(0)
  for (const key of shown.filter((name) => name !== 'key')) expect(keys).toContain(key)
})
