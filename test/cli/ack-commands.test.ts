import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace, type CliPlace } from '../support/run-cli.ts'
import { openRepoAt, runGit } from '../support/temp-repo.ts'

const rules = '.workspace-sync/filters/x.rules'

/** A clone of a repository that has rules of its own, and many files. */
function clonedPlace(): CliPlace {
  const place = cliPlace()
  const base = dirname(place.root)
  runGit(base, ['init', '-q', '-b', 'main', 'theirs'])
  const theirs = openRepoAt(join(base, 'theirs'))
  theirs.write(rules, 'ALLOW:docs/**:theirs\nBLOCK:gen/**:made again\n')
  for (let file = 0; file < 60; file += 1) theirs.write(`many/${file}.md`, `${file}\n`)
  theirs.git('add', '-A')
  theirs.git('commit', '-q', '-m', 'theirs')
  rmSync(place.root, { recursive: true })
  runGit(base, ['clone', '-q', 'theirs', 'ws'])
  return place
}

async function listed(place: CliPlace): Promise<Readonly<Record<string, boolean>>> {
  const all = JSON.parse((await place.run(['filters', 'list', '--json'])).out) as {
    source: string
    glob: string
    waits: boolean
  }[]
  return Object.fromEntries(all.filter(({ source }) => source === rules).map(({ glob, waits }) => [glob, waits]))
}

test('rules of a clone wait, but for what they block, until somebody says ack', async () => {
  const place = clonedPlace()
  expect(await listed(place)).toEqual({ 'gen/**': false, 'docs/**': true })
  const blocked = await place.run(['test-filter', 'gen/a'])
  expect(blocked.code).toBe(1)
  expect(blocked.err).toContain(`say workspace-sync ack ${rules}`)
  const { code, out } = await place.run(['ack', rules, '--reason', 'read them', '--json'])
  expect(code).toBe(0)
  expectShape('ack', JSON.parse(out))
  expect(await listed(place)).toEqual({ 'gen/**': false, 'docs/**': false })
})

test('init agrees to the rules too', async () => {
  const place = clonedPlace()
  expect((await place.run(['init'])).out).toContain(`in force from now on: ${rules}`)
  expect(await listed(place)).toEqual({ 'gen/**': false, 'docs/**': false })
})

test('rules with a mistake cannot be acknowledged', async () => {
  const place = clonedPlace()
  const base = dirname(place.root)
  writeFileSync(join(base, 'theirs', rules), 'NONSENSE\n')
  runGit(join(base, 'theirs'), ['commit', '-q', '-a', '-m', 'broken'])
  runGit(place.root, ['pull', '-q', '--ff-only'])
  const { code, err } = await place.run(['ack', rules])
  expect(code).toBe(1)
  expect(err).toContain(`error: ${rules}: ${rules}:1:1`)
})

test('a secret is acknowledged by its very content, and what nothing holds is refused', async () => {
  const place = clonedPlace()
  writeFileSync(join(place.root, '.env'), 'TOKEN=one\n')
  expect((await place.run(['test-filter', '.env'])).code).toBe(4)
  const said = await place.run(['ack', '.env', 'many/1.md'])
  expect(said.code).toBe(1)
  expect(said.out).toContain('.env  looks like a secret')
  expect(said.err).toContain('error: many/1.md: nothing holds it\n')
  expect((await place.run(['test-filter', '.env'])).code).toBe(0)
  writeFileSync(join(place.root, '.env'), 'TOKEN=two\n')
  expect((await place.run(['test-filter', '.env'])).code).toBe(4)
})

test('deletions of very many files are acknowledged by their paths or their directory', async () => {
  const place = clonedPlace()
  rmSync(join(place.root, 'many'), { recursive: true })
  const one = JSON.parse((await place.run(['ack', 'many/1.md', '--json'])).out) as { acknowledged: { what: string }[] }
  expect(one.acknowledged.map(({ what }) => what)).toEqual(['deletion'])
  const all = JSON.parse((await place.run(['ack', 'many', '--json'])).out) as { acknowledged: unknown[] }
  expect(all.acknowledged).toHaveLength(60)
})
