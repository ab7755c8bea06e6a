import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildClassifier } from '../../src/daemon/classifier.ts'
import { checkConfig } from '../../src/config/config.ts'
import { problemText } from '../../src/cli/messages.ts'
import { cliPlace } from '../support/run-cli.ts'
import { runGit } from '../support/temp-repo.ts'

const escape = '\u001b[31m'
const evil = `x${escape}\nfake.rules`

test('a name in an error acts on no terminal', async () => {
  const place = cliPlace()
  writeFileSync(join(place.configDir, 'filters', evil), 'FOO:a\n')
  writeFileSync(join(place.root, evil), 'FOO:a\n')
  for (const args of [
    ['filters', 'check'],
    ['filters', 'check', evil],
    ['filters', 'list'],
    ['config', 'show', '--set', `a${escape}=1`],
    ['config', 'check', '--set', `a${escape}=1`],
    [`nonsense${escape}\nok`],
    ['status', `--x${escape}\nok`],
    ['sync', '-C', `none${escape}\nok`],
  ]) {
    const { code, out, err } = await place.run(args)
    expect([args, code, out]).toEqual([args, 2, ''])
    expect(err, args.join(' ')).not.toContain('\u001b')
    expect(err.split('\n').length, err).toBeLessThanOrEqual(3)
  }
  expect(problemText(`a${escape}\n  b`, `c${escape}`).split('\n')).toEqual([
    'error: a\\u{1b}[31m',
    '  b',
    'c\\u{1b}[31m',
    '',
  ])
})

test('a rule file whose name has lines gets one line of a refused start', async () => {
  const result = await checkConfig({ workspace: null, home: '/nonexistent', env: {}, sets: [] })
  if (result.kind !== 'loaded') throw new Error('the built-in settings have no mistake')
  const files = [{ level: 'workspace', source: 'x\nerror: fake.rules', text: 'FOO:a\nBAR:b\n' }] as const
  expect(() => buildClassifier(result.loaded.config, files)).toThrow(
    /^x\\nerror: fake\.rules:1:1: [^\n]*\nx\\nerror[^\n]*$/,
  )
})

test('a suggestion for a mistyped command is the line of what to do', async () => {
  const { err } = await cliPlace().run(['stauts'])
  expect(err).toBe("error: unknown command 'stauts'\n(Did you mean status?)\n")
})

test('a workspace is looked at whatever its folder is called', async () => {
  const place = cliPlace()
  const root = join(place.root, `a"b\\c:d${escape}\ne`)
  mkdirSync(root)
  writeFileSync(join(root, 'a.md'), 'a\n')
  runGit(root, ['init', '-q'])
  runGit(root, ['add', '.'])
  runGit(root, ['-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '-q', '-m', 'a'])
  writeFileSync(join(root, 'a.md'), 'b\n')
  for (const args of [['test-filter', 'a.md'], ['why', 'a.md'], ['history']]) {
    const { code, err } = await place.run(args, { cwd: root })
    expect([args, code, err]).toEqual([args, 0, ''])
  }
})

test('a name that is not UTF-8 is understood as git prints it, wherever paths are named', async () => {
  const place = cliPlace()
  runGit(place.root, ['init', '-q'])
  const name = Buffer.from('n\xff"x\t\\.md', 'latin1')
  writeFileSync(Buffer.concat([Buffer.from(`${place.root}/`), name]), 'a\n')
  runGit(place.root, ['add', '.'])
  const printed = runGit(place.root, ['ls-files']).toString().trim()
  expect(printed).toBe(String.raw`"n\377\"x\t\\.md"`)
  const judged = await place.run(['test-filter', '--json', printed])
  expect(JSON.parse(judged.out)).toMatchObject({ pathBase64: name.toString('base64') })
  for (const command of ['why', 'history']) expect((await place.run([command, printed])).code).toBe(0)
  const lossy = await place.run(['test-filter', name.toString('utf8')])
  expect([lossy.code, lossy.out]).toEqual([2, ''])
  expect(lossy.err).toContain(String.raw`'"a\377"'`)
})

test('a file that is named like that is meant by its very name', async () => {
  const place = cliPlace()
  runGit(place.root, ['init', '-q'])
  writeFileSync(join(place.root, '"a"'), 'a\n')
  const answer = async (name: string): Promise<unknown> =>
    (JSON.parse((await place.run(['test-filter', '--json', name])).out) as { path: string }).path
  expect(await answer('"a"')).toBe('"a"')
  expect(await answer('"b"')).toBe('b')
  expect(await answer('"b')).toBe('"b')
  expect(await answer(String.raw`"b\9"`)).toBe(String.raw`"b\9"`)
})
