import { expect, test } from 'vitest'
import { programsNamed } from '../../src/git/programs-in-tree.ts'

const entry = (key: string, value: string, origin = 'file:.git/config') => ({ origin, key, value })

test.each([
  ['a folder of hooks', [entry('core.hookspath', '.githooks')], ['.githooks']],
  ['a generated folder of hooks, and what it runs', [entry('core.hookspath', '.husky/_')], ['.husky/_', '.husky']],
  ['a filter', [entry('filter.x.clean', 'sh ./tools/clean.sh %f')], ['tools/clean.sh']],
  ['by its absolute name', [entry('core.fsmonitor', '/work-tree/tools/watch')], ['tools/watch']],
  [
    'an included file, beside the one that names it',
    [entry('include.path', '../shared.gitconfig')],
    ['shared.gitconfig'],
  ],
  ['a helper in a shell', [entry('credential.helper', '!f() { ./login; }; f')], ['login']],
  ['the command that names a key', [entry('gpg.ssh.defaultkeycommand', 'bin/key')], ['bin/key']],
  [
    'places outside',
    [entry('core.fsmonitor', '/opt/watch'), entry('include.path', '~/more')],
    ['/opt/watch', '/home/somebody/more'],
  ],
])('found: %s', (_, entries, expected) => {
  const { files, hooks } = programsNamed(entries, '/work-tree', '/home/somebody')
  const absolute = expected.map((path) => (path.startsWith('/') ? path : `/work-tree/${path}`))
  expect([...files, ...hooks]).toEqual(expect.arrayContaining(absolute))
})

test('not found: settings that run nothing', () => {
  const entries = [entry('user.name', 'tools/clean.sh'), entry('alias.x', '!./tools/x')]
  expect(programsNamed(entries, '/work-tree', '/home/somebody')).toEqual({ files: [], hooks: [] })
})
