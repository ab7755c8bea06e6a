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
  ['by the home folder', [entry('core.editor', '"$HOME"/bin/edit -w')], ['/home/somebody/bin/edit']],
  [
    'by where the tree lies',
    [
      entry('core.pager', '$(git rev-parse --show-toplevel)/tools/page'),
      entry('diff.x.textconv', '"$PWD"/tools/one'),
      entry('diff.x.command', '${PWD}/tools/two'),
    ],
    ['tools/page', 'tools/one', 'tools/two'],
  ],
])('found: %s', (_, entries, expected) => {
  const { files, hooks } = programsNamed(entries, '/work-tree', '/home/somebody')
  const absolute = expected.map((path) => (path.startsWith('/') ? path : `/work-tree/${path}`))
  expect([...files, ...hooks]).toEqual(expect.arrayContaining(absolute))
})

const runningKeys = [
  'core.alternaterefscommand core.askpass core.editor core.fsmonitor core.gitproxy core.pager core.sshcommand',
  'sequence.editor interactive.difffilter pager.log diff.external diff.x.command diff.x.textconv difftool.x.cmd',
  'difftool.x.path merge.x.driver mergetool.x.cmd mergetool.x.path filter.x.clean filter.x.smudge',
  'filter.x.process gpg.program gpg.x509.program gpg.ssh.defaultkeycommand credential.helper',
  'credential.https://a.example.helper remote.x.uploadpack remote.x.receivepack gc.recentobjectshook',
  'uploadpack.packobjectshook init.templatedir trailer.x.cmd trailer.x.command tar.x.command browser.x.cmd',
  'browser.x.path man.x.cmd man.x.path guitool.x.cmd instaweb.httpd instaweb.modulepath imap.tunnel',
  'sendemail.tocmd sendemail.work.cccmd sendemail.smtpserver sendemail.headercmd sendemail.sendmailcmd',
  'hook.x.command lfs.customtransfer.x.path',
].flatMap((line) => line.split(' '))

test.each(runningKeys)('git runs what %s names', (key) => {
  const { files } = programsNamed([entry(key, './tools/it %f')], '/work-tree', '/home/somebody')
  expect(files).toContain('/work-tree/tools/it')
})

test.each([
  ['alias.x', '!./tools/it', 'log -- ./tools/it'],
  ['alias.x', '-c core.pager=./tools/it log', 'log --color=always ./tools/it'],
  ['submodule.x.update', '!./tools/it', './tools/it'],
  ['remote.x.url', 'ext::./tools/it %S', './tools/it'],
  ['remote.x.pushurl', 'ext::./tools/it %S', './tools/it'],
])('git runs what %s = %s names, but not %s', (key, runs, doesNot) => {
  const named = (value: string) => programsNamed([entry(key, value)], '/work-tree', '/home/somebody').files
  expect(named(runs)).toContain('/work-tree/tools/it')
  expect(named(doesNot)).toEqual([])
})

test('not found: settings that run nothing', () => {
  const entries = [entry('user.name', 'tools/clean.sh'), entry('core.attributesfile', 'tools/x')]
  expect(programsNamed(entries, '/work-tree', '/home/somebody')).toEqual({ files: [], hooks: [] })
})
