import { expect, test } from 'vitest'
import { parseConfig } from '../../src/git/embedded/config-text.ts'
import { configEntries } from '../../src/git/parse.ts'
import { makeRepo } from '../support/temp-repo.ts'

const readable = [
  '[core]\n\tbare = false\n\tfilemode\n',
  '[a]\nx=1\ny = two words  # and a comment\nz = "kept  " ; comment\n',
  '[remote "Some \\"Name\\""]\r\n\turl = https://example.invalid/x.git\r\n',
  '[Section.Sub]\nName=v\n[section "Sub"] other = "a#b;c"\n',
  '[a]\nlong = one \\\n  two\nempty =\nquoted = "tab\\there" and \\"marks\\"\nback = c:\\\\dir\n',
  '# only\n; comments\n',
  '\uFEFF[a]\nb = c\n[a "b.c"]\nd-e = 1\n',
  '[a]\nb = x\\\n',
  '',
]
const broken = ['[a\nb = c\n', '[a]\nb = "open\n', '[a]\nb = \\q\n', '[a]\n1b = c\n', '[a]\nb c = d\n']

test('configuration is read as git reads it, and what git does not read is not read', () => {
  const repo = makeRepo()
  for (const text of readable) {
    repo.write('config', text)
    const said = repo.gitBytes(['config', '--file', 'config', '--list', '-z', '--show-origin'])
    const expected = configEntries(said).map(({ key, value }) => ({ key, value }))
    expect(parseConfig(text), text).toEqual(expected)
  }
  for (const text of broken) {
    repo.write('config', text)
    expect(() => repo.gitBytes(['config', '--file', 'config', '--list']), text).toThrow()
    expect(parseConfig(text), text).toBeNull()
  }
  repo.dispose()
})
