import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace, type CliPlace } from '../support/run-cli.ts'
import { openRepoAt, runGit } from '../support/temp-repo.ts'

const added = '.workspace-sync/filters/added.rules'

function place(): CliPlace & { readonly file: string } {
  const here = cliPlace()
  runGit(here.root, ['init', '-q', '-b', 'main'])
  const file = join(here.root, added)
  mkdirSync(dirname(file), { recursive: true })
  return { ...here, file }
}

const text = (file: string): string => readFileSync(file, 'utf8')

test('a rule is added behind what is there, which stays as it is, and decides at once', async () => {
  const { run, file } = place()
  writeFileSync(file, '# mine\r\nBLOCK:a:b')
  chmodSync(file, 0o640)
  expect((await run(['test-filter', 'docs/x.md'])).code).toBe(0)
  const { code, out, err } = await run(['filters', 'add', 'BLOCK:docs/**:no docs'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain(`added BLOCK:docs/**:no docs\nto ${added}:3; it counts from the next start on\nbeats `)
  expect(out).toContain('\nbeats ALLOW docs/**/*.md (filters/workspace.rules:10), as for docs/x.md\n')
  expect(out).toMatch(/\nloses to \d+ rules of litter, which is asked first\n/)
  expect(text(file)).toBe('# mine\r\nBLOCK:a:b\r\nBLOCK:docs/**:no docs\r\n')
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect(existsSync(`${file}.tmp`)).toBe(false)
  expect((await run(['test-filter', 'docs/x.md'])).code).toBe(1)
})

test('the first rule makes the file; a rule tells where it loses', async () => {
  const { root, run, file } = place()
  rmSync(join(root, '.workspace-sync'), { recursive: true })
  await run(['filters', 'add', 'BLOCK:notes/private/**:mine'])
  const { out } = await run(['filters', 'add', '--json', 'ALLOW:notes/**/*.md:'])
  const value = JSON.parse(out) as { losesTo: unknown[] }
  expectShape('filters add', value)
  expect(value.losesTo[0]).toEqual({
    action: 'BLOCK',
    glob: 'notes/private/**',
    level: 'workspace',
    source: added,
    line: 1,
    example: 'notes/private/x.md',
  })
  expect(text(file)).toBe('BLOCK:notes/private/**:mine\nALLOW:notes/**/*.md:\n')
})

test('--user adds to one’s own rules, also outside of a work tree', async () => {
  const { run, configDir } = cliPlace()
  expect((await run(['filters', 'add', '--user', 'BLOCK:*.mine:mine'])).code).toBe(0)
  expect(text(join(configDir, 'filters', 'added.rules'))).toBe('BLOCK:*.mine:mine\n')
  const { code, err } = await run(['filters', 'add', 'BLOCK:*.mine:mine'])
  expect(code).toBe(2)
  expect(err).toMatch(/^error: .* is not in a git work tree\n/)
})

test('a duplicate, a mistake and what is no rule are refused, and nothing is written', async () => {
  const { run, file } = place()
  writeFileSync(file, 'BLOCK:a\\:b:one\n')
  const refusals: readonly (readonly [string, string])[] = [
    ['BLOCK:a\\:b:two', `BLOCK a:b is there already: ${added}:1`],
    ['BLOCK:.*\\.log:x', 'the rule:1:9 \\. is not an escape; rules are globs, not regular expressions\nwrite *.log'],
    ['DENY:a:b', 'the rule:1:1 "DENY" is not an action\nwrite BLOCK\n'],
    ['BLOCK:a', 'the rule:1:8 no colon after the glob'],
    ['BLOCK:a:b\nALLOW:c:d', 'a rule is one line'],
    ['# nothing', 'no rule was given'],
    ['', 'no rule was given'],
  ]
  for (const [rule, problem] of refusals) {
    const { code, out, err } = await run(['filters', 'add', rule])
    expect([code, out], rule).toEqual([2, ''])
    expect(err).toContain(`error: ${problem}`)
    expect(err.split('\n')).toHaveLength(3)
  }
  expect(text(file)).toBe('BLOCK:a\\:b:one\n')
  writeFileSync(file, 'NONSENSE\n')
  expect((await run(['filters', 'add', 'BLOCK:z:'])).err).toContain('1 mistake in the rules')
  expect(text(file)).toBe('NONSENSE\n')
})

test('links, pipes and what is no text are refused, and nothing is written through them', async () => {
  const { root, run, file } = place()
  const refused = async (problem: string): Promise<void> => {
    const { code, err } = await run(['filters', 'add', 'BLOCK:z:'])
    expect([code, err]).toEqual([2, expect.stringContaining(problem)])
    expect(existsSync(`${file}.tmp`)).toBe(false)
  }
  writeFileSync(join(root, 'aside'), '')
  symlinkSync(join(root, 'aside'), file)
  await refused('is a link')
  rmSync(file)
  execFileSync('mkfifo', [file])
  await refused('is no regular file')
  rmSync(file)
  mkdirSync(file)
  await refused('is no regular file')
  rmSync(file, { recursive: true })
  writeFileSync(file, Buffer.from('# caf\xe9\n', 'latin1'))
  await refused('is not UTF-8')
  rmSync(dirname(file), { recursive: true })
  symlinkSync(root, dirname(file))
  await refused('is a link')
  expect(text(join(root, 'aside'))).toBe('')
})

test('many that add at the same moment all get their rule in', async () => {
  const { run, file } = place()
  const answers = await Promise.all([1, 2, 3, 4, 5].map((rule) => run(['filters', 'add', `BLOCK:z${rule}:`])))
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
  expect(text(file).trim().split('\n')).toHaveLength(5)
})

test('nothing is added to rules that wait for somebody’s word: theirs would be in force with it', async () => {
  const { run, root } = cliPlace()
  const base = dirname(root)
  runGit(base, ['init', '-q', '-b', 'main', 'theirs'])
  const theirs = openRepoAt(join(base, 'theirs'))
  theirs.write(added, 'ALLOW:evil/**:theirs\n')
  theirs.git('add', '-A')
  theirs.git('commit', '-q', '-m', 'theirs')
  rmSync(root, { recursive: true })
  runGit(base, ['clone', '-q', 'theirs', 'ws'])
  const { code, err } = await run(['filters', 'add', 'BLOCK:gen/**:mine'])
  expect(code).toBe(2)
  expect(err).toContain(`error: ${added} came from elsewhere and waits for your word\n`)
  expect((await run(['ack', added])).code).toBe(0)
  expect((await run(['filters', 'add', 'BLOCK:gen/**:mine'])).code).toBe(0)
  const list = (await run(['filters', 'list'])).out
  expect(list).not.toContain('waits for ack')
})

test('what is typed here is in force though a commit of somebody else holds the same bytes', async () => {
  const { run, root } = cliPlace()
  const base = dirname(root)
  runGit(base, ['init', '-q', '-b', 'main', 'theirs'])
  const theirs = openRepoAt(join(base, 'theirs'))
  theirs.write(added, 'BLOCK:gen/**:same\nALLOW:docs/**:same\n')
  theirs.git('add', '-A')
  theirs.git('commit', '-q', '-m', 'with')
  theirs.git('rm', '-q', added)
  theirs.git('commit', '-q', '-m', 'without')
  rmSync(root, { recursive: true })
  runGit(base, ['clone', '-q', 'theirs', 'ws'])
  await run(['filters', 'add', 'BLOCK:gen/**:same'])
  expect((await run(['filters', 'add', 'ALLOW:docs/**:same'])).code).toBe(0)
  expect((await run(['filters', 'list'])).out).not.toContain('waits for ack')
})
