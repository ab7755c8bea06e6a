import { Argument, Command, Option } from 'commander'
import { expect, test } from 'vitest'
import { bashScript } from '../../src/cli/completion/bash.ts'
import { fishScript } from '../../src/cli/completion/fish.ts'
import { completionModel } from '../../src/cli/completion/model.ts'
import { settingKeys } from '../../src/cli/completion/setting-keys.ts'
import { zshScript } from '../../src/cli/completion/zsh.ts'
import { cliPlace } from '../support/run-cli.ts'
import { registeredCommands, registeredProgram } from '../support/registry.ts'

test('arguments and values are completed by the names that help shows, or by their choices', () => {
  const program = new Command('p').option('-C, --workspace <dir>', 'where')
  program
    .command('a')
    .argument('[path...]')
    .addOption(new Option('--pace <pace>').choices(['slow', 'quick']))
  program.command('b').addArgument(new Argument('<agent>').choices(['one', 'two']))
  program.command('c').argument('<command...>')
  program.command('d').argument('[commit]')
  const [top, a, b, c, d] = completionModel(program)
  expect(top?.options[0]).toEqual({ flags: ['-C', '--workspace'], about: 'where', value: 'directories' })
  expect(a).toMatchObject({ path: 'a', argument: 'files' })
  expect(a?.options[0]?.value).toEqual({ choices: ['slow', 'quick'] })
  expect([b?.argument, c?.argument, d?.argument]).toEqual([{ choices: ['one', 'two'] }, 'programs', 'nothing'])
})

test('the keys of a schema, sections and all', () => {
  const code = { type: 'string' }
  expect(settingKeys({ properties: { $schema: {}, remote: {}, debounce: { properties: { code } } } })).toEqual([
    'remote',
    'debounce.code',
  ])
})

test('every command and every option that is registered stands in every script', () => {
  const models = completionModel(registeredProgram())
  const commands = registeredCommands()
  expect(commands.length).toBeGreaterThan(15)
  for (const script of [bashScript, zshScript, fishScript]) {
    const text = script(models, ['remote'])
    for (const { path, command } of commands) {
      expect(text, path).toMatch(new RegExp(`\\b${path.split(' ').at(-1)}\\b`))
      for (const { long } of command.options) expect(text, `${path} ${long}`).toContain(long?.slice(2))
    }
  }
})

test('completion names the shells that it knows', async () => {
  const { code, err } = await cliPlace().run(['completion', 'tcsh'])
  expect([code, err]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish')])
  const { out } = await cliPlace().run(['completion', '--help'])
  for (const line of ['.bashrc', '.zshrc', 'fish/completions/workspace-sync.fish']) expect(out).toContain(line)
})
