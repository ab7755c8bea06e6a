import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace, type CliPlace } from '../support/run-cli.ts'
import { runGit } from '../support/temp-repo.ts'

const old = '# ours\nBLOCK:^gen/.*\\.log$:logs: all\n\nALLOW:^n[0-9]+\\.md$:no\nBLOCK:(^|/)__pycache__/:py\n'

function place(): CliPlace {
  const here = cliPlace()
  runGit(here.root, ['init', '-q', '-b', 'main'])
  writeFileSync(join(here.root, 'old.conf'), old)
  return here
}

test('filters import prints a rule file, names what it left out, and exits 1', async () => {
  const { run } = place()
  const { code, out, err } = await run(['filters', 'import', 'old.conf'])
  expect(code).toBe(1)
  expect(out).toBe('# ours\nBLOCK:gen/**/*.log:logs: all\n\nBLOCK:**/__pycache__/**:py\n')
  expect(err).toContain('old.conf:4:7 not converted: ALLOW:^n[0-9]+\\.md$:no\n')
  expect(err).toContain("workspace-sync filters add 'ALLOW:/n[0-9]*.md:no'\n")
  expect((await run(['filters', 'list'])).out).not.toContain('gen/**/*.log')
})

test('--write has them in force, and once is enough', async () => {
  const { root, run } = place()
  const value = JSON.parse((await run(['filters', 'import', 'old.conf', '--write', '--json'])).out) as unknown
  expectShape('filters import', value)
  expect(value).toMatchObject({ written: { added: 2, inForce: false }, refused: [{ line: 4, column: 7 }] })
  const file = join(root, '.workspace-sync/filters/added.rules')
  const text = readFileSync(file, 'utf8')
  expect(text).toBe('# ours\nBLOCK:gen/**/*.log:logs: all\n\nBLOCK:**/__pycache__/**:py\n')
  expect((await run(['test-filter', 'a/__pycache__/b.md'])).code).toBe(1)
  const again = await run(['filters', 'import', 'old.conf', '--write'])
  expect(again.out).toBe('added 0 rules\n2 rules there already\n1 line not converted\n')
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('what is no file of rules is refused at once', async () => {
  const { root, run } = place()
  mkdirSync(join(root, 'directory'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  writeFileSync(join(root, 'binary'), Buffer.from([66, 0, 1]))
  writeFileSync(join(root, 'huge'), 'BLOCK:x:y\n'.repeat(100_000))
  const problems: Readonly<Record<string, string>> = {
    missing: 'cannot be read (ENOENT)',
    directory: 'not a regular file',
    pipe: 'not a regular file',
    binary: 'not a text',
    huge: 'holds more than 10000 rules',
  }
  for (const [name, problem] of Object.entries(problems)) {
    for (const more of [[], ['--write']]) {
      const { code, out, err } = await run(['filters', 'import', name, ...more])
      expect([code, out, err.split('\n').length]).toEqual([2, '', 3])
      expect(err).toContain(problem)
    }
  }
  const { code, err } = await run(['filters', 'check', 'pipe'])
  expect([code, err]).toEqual([2, 'error: pipe: not a regular file\nput a text file there\n'])
})
