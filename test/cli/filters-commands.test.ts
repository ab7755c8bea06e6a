import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace } from '../support/run-cli.ts'

test('filters list shows every rule with its source', async () => {
  const place = cliPlace()
  writeFileSync(join(place.configDir, 'filters', 'mine.rules'), '# mine\nBLOCK:cache/**:a cache\n')
  const { code, out, err } = await place.run(['filters', 'list'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(new RegExp(`BLOCK +cache/\\*\\* +${join(place.configDir, 'filters', 'mine.rules')}:2  a cache\n`))
  expect(out).toMatch(/ALLOW +CLAUDE\.md +filters\/workspace\.rules:\d+/)
})

test('filters list --json has the members of a rule', async () => {
  const place = cliPlace()
  const source = join(place.configDir, 'filters', 'mine.rules')
  writeFileSync(source, 'ALLOW:a.md:\n')
  const { out } = await place.run(['filters', 'list', '--json', '--set', 'filters=[]'])
  expectShape('filters list', JSON.parse(out))
  expect(JSON.parse(out)).toEqual([
    { action: 'ALLOW', glob: 'a.md', reason: '', level: 'user', source, line: 1, waits: false },
  ])
})

test('filters check finds the built-in sets right', async () => {
  const { code, out, err } = await cliPlace().run(['filters', 'check'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^\d+ rules in 4 files, no mistake\n$/)
})

test('filters check names a mistake by file, line and column, and exits 2', async () => {
  const place = cliPlace()
  writeFileSync(join(place.root, 'good.rules'), 'ALLOW:a/**:fine\n')
  writeFileSync(join(place.root, 'bad.rules'), '\nDENY:a:b\n')
  expect((await place.run(['filters', 'check', 'good.rules'])).out).toBe('1 rule in 1 file, no mistake\n')
  const { code, out, err } = await place.run(['filters', 'check', 'good.rules', 'bad.rules'])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^bad\.rules:2:1 .+ — .+\n$/)
  const json = await place.run(['filters', 'check', '--json', 'bad.rules'])
  expect(json.code).toBe(2)
  expectShape('filters check', JSON.parse(json.out))
  expect(JSON.parse(json.out)).toMatchObject({ ok: false, mistakes: [{ source: 'bad.rules', line: 2, column: 1 }] })
})

test('an empty rule file is right, a missing one is not', async () => {
  const place = cliPlace()
  writeFileSync(join(place.root, 'empty.rules'), '')
  expect((await place.run(['filters', 'check', 'empty.rules'])).code).toBe(0)
  expect(await place.run(['filters', 'check', 'missing.rules'])).toEqual({
    code: 2,
    out: '',
    err: 'error: missing.rules cannot be read (ENOENT)\nname an existing rule file\n',
  })
})

test('a mistake in the rules in force stops the list', async () => {
  const place = cliPlace()
  writeFileSync(join(place.configDir, 'filters', 'mine.rules'), 'NONSENSE\n')
  const { code, err } = await place.run(['filters', 'list'])
  expect(code).toBe(2)
  expect(err).toContain('error: 1 mistake in the rules\n')
})
