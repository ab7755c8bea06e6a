import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { probeEmbedded } from '../../src/git/embedded/probe.ts'
import { gitEnvironment, makeRepo, openRepoAt, tempDirectory } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

type Environment = Readonly<Record<string, string>>

let template: TempRepo
let repo: TempRepo

beforeAll(() => {
  template = makeRepo({ 'a/one': '1\n', two: '2\n' })
})

afterAll(() => template.dispose())

beforeEach(() => {
  const { path, dispose } = tempDirectory()
  cpSync(template.root, join(path, 'work'), { recursive: true })
  repo = openRepoAt(join(path, 'work'), dispose)
})

afterEach(() => repo.dispose())

const probe = (environment: Environment = gitEnvironment) => probeEmbedded(repo.root, environment)
const set = (key: string, value: string) => () => void repo.git('config', key, value)
const own =
  (name: string, text = '') =>
  () =>
    repo.write(`.git/${name}`, text)
const cached = (mode: string, path: string) => () => {
  const oid = mode === '160000' ? repo.git('rev-parse', 'HEAD') : repo.git('rev-parse', 'HEAD:two')
  repo.git('update-index', '--add', '--cacheinfo', `${mode},${oid},${path}`)
}
const hook = (name: string) => () => {
  own(`hooks/${name}`, '#!/bin/sh\n')()
  chmodSync(join(repo.root, '.git/hooks', name), 0o755)
}

/** As `index.skipHash` of later versions leaves it. */
function zeroTrailer(): void {
  const file = join(repo.root, '.git/index')
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0, bytes.length - 20))
}

/** Takes space in the listing, none on the disk. */
function largePack(): void {
  own('objects/pack/pack-x.pack')()
  truncateSync(join(repo.root, '.git/objects/pack/pack-x.pack'), 33 * 1024 * 1024)
}

function manyFiles(): void {
  const oid = repo.git('rev-parse', 'HEAD:two')
  const lines = Array.from({ length: 10_001 }, (_, number) => `100644 ${oid}\tn${number}\n`)
  repo.gitBytes(['update-index', '--index-info'], lines.join(''))
}

function followRemote(address: string): () => void {
  return () => {
    repo.git('remote', 'add', 'far', address)
    repo.git('config', 'branch.main.remote', 'far')
  }
}

/** As whoever pushes to a mirror, too, has it. */
function followMirrored(key: 'url' | 'pushurl', first: string): () => void {
  return () => {
    followRemote('https://example.invalid/x.git')()
    repo.git('config', `remote.far.${key}`, first)
    repo.git('config', '--add', `remote.far.${key}`, 'https://example.invalid/mirror.git')
  }
}

/** As `git gc` leaves them, and something went wrong with them then. */
function packedRefs(spoil: (text: string) => string): () => void {
  return () => {
    repo.git('pack-refs', '--all')
    const file = join(repo.root, '.git/packed-refs')
    writeFileSync(file, spoil(readFileSync(file, 'utf8')))
  }
}

function linkedBranch(): void {
  repo.git('branch', 'real')
  rmSync(join(repo.root, '.git/refs/heads/main'))
  symlinkSync('real', join(repo.root, '.git/refs/heads/main'))
}

function aliasBranch(): void {
  repo.git('branch', 'real')
  repo.git('symbolic-ref', 'refs/heads/main', 'refs/heads/real')
}

const conditions: readonly (readonly [string, string, () => void])[] = [
  ['split-index', 'a split index', () => void repo.git('update-index', '--split-index')],
  ['split-index', 'a split index to come', set('core.splitIndex', 'true')],
  ['sparse-index', 'a sparse index', () => void repo.git('sparse-checkout', 'init', '--cone', '--sparse-index')],
  ['sparse-checkout', 'a sparse checkout', () => void repo.git('sparse-checkout', 'set', '--no-cone', 'two')],
  ['assume-unchanged', 'a file to look away from', () => void repo.git('update-index', '--assume-unchanged', 'two')],
  ['index-version', 'an index of version 4', () => void repo.git('update-index', '--index-version', '4')],
  ['index-version', 'many files as a feature', set('feature.manyFiles', 'true')],
  ['skip-hash', 'an index without a checksum', zeroTrailer],
  ['index', 'a damaged index', own('index', 'DIRC, but not really an index')],
  ['many-files', 'very many files', manyFiles],
  ['large-packs', 'large packs', largePack],
  ['pack-index', 'an old index of a pack', () => void repo.git('-c', 'pack.indexVersion=1', 'repack', '-adq')],
  ['partial-clone', 'a pack with promises', own('objects/pack/pack-x.promisor')],
  ['partial-clone', 'a remote with promises', set('remote.x.promisor', 'true')],
  ['submodule', 'a submodule', cached('160000', 'sub')],
  ['submodule', 'a list of submodules', cached('100644', '.gitmodules')],
  ['odd-name', 'a tracked backslash', cached('100644', 'a\\b')],
  ['attributes', 'tracked attributes', cached('100644', 'a/.gitattributes')],
  ['attributes', 'attributes of this clone', own('info/attributes', '*.x -text\n')],
  ['attributes', 'attributes of this user', set('core.attributesFile', '~/attributes')],
  ['repository-format', 'a newer format', set('core.repositoryFormatVersion', '1')],
  ['repository-format', 'an extension', set('extensions.worktreeConfig', 'true')],
  ['alternates', 'objects elsewhere', own('objects/info/alternates', '/elsewhere\n')],
  ['grafts', 'grafts', own('info/grafts', '')],
  ['replace-refs', 'a replacement', () => void repo.git('replace', 'HEAD:two', 'HEAD:a/one')],
  [
    'replace-refs',
    'a packed replacement',
    () => {
      repo.git('replace', 'HEAD:two', 'HEAD:a/one')
      repo.git('pack-refs', '--all')
    },
  ],
  ['line-ends', 'core.autocrlf', set('core.autocrlf', 'input')],
  ['line-ends', 'core.eol', set('core.eol', 'crlf')],
  ['file-mode', 'core.fileMode', set('core.fileMode', 'false')],
  ['symlinks', 'core.symlinks', set('core.symlinks', 'false')],
  ['ignore-case', 'core.ignoreCase', set('core.ignoreCase', 'true')],
  ['unicode', 'core.precomposeUnicode', set('core.precomposeUnicode', 'true')],
  ['sparse-checkout', 'core.sparseCheckout', set('core.sparseCheckout', 'true')],
  ['bare', 'core.bare', set('core.bare', 'true')],
  ['symbolic-branch', 'a branch that stands for another one', aliasBranch],
  ['symbolic-branch', 'a branch that is a link to another one', linkedBranch],
  ['packed-refs', 'packed refs without their last byte', packedRefs((text) => text.slice(0, -1))],
  ['packed-refs', 'packed refs with other line ends', packedRefs((text) => text.replaceAll('\n', '\r\n'))],
  ['linked-worktree', 'core.worktree', set('core.worktree', '/elsewhere')],
  ['linked-worktree', 'a common directory elsewhere', own('commondir', '../elsewhere\n')],
  ['include', 'an include', set('include.path', '/elsewhere')],
  ['include', 'a conditional include', set('includeIf.gitdir:/x/.path', '/elsewhere')],
  ['hooks', 'a pre-commit hook', hook('pre-commit')],
  ['hooks', 'a pre-push hook', hook('pre-push')],
  ['hooks', 'hooks elsewhere', set('core.hooksPath', '.husky')],
  ['signing', 'signed commits', set('commit.gpgSign', 'true')],
  ['remote', 'a remote by ssh', followRemote('git@example.invalid:x.git')],
  ['remote', 'a remote by way of another program', set('remote.x.vcs', 'hg')],
  ['remote', 'a remote by path', followRemote('/somewhere/x.git')],
  ['remote', 'a mirror beside a remote', followMirrored('url', 'https://example.invalid/x.git')],
  ['remote', 'a mirror beside a remote by ssh', followMirrored('url', 'git@example.invalid:x.git')],
  ['remote', 'several addresses to push to', followMirrored('pushurl', 'https://example.invalid/y.git')],
  ['address', 'rewritten addresses', set('url.https://example.invalid/.insteadOf', 'x:')],
  ['proxy', 'a proxy of one remote', set('remote.x.proxy', 'http://127.0.0.1:1')],
  ['http', 'a proxy', set('http.proxy', 'http://127.0.0.1:1')],
  ['http', 'a certificate authority', set('http.https://example.invalid.sslCAInfo', '/x')],
  ['encoding', 'messages in another encoding', set('i18n.commitEncoding', 'ISO-8859-1')],
  ['config', 'configuration that is none', () => repo.write('.git/config', '[core\n')],
]

test.each(conditions)('%s: %s is refused by name', (name, _what, make) => {
  expect(probe()).toMatchObject({ root: repo.root, gitDir: join(repo.root, '.git'), objectFormat: 'sha1' })
  make()
  expect(() => probe()).toThrow(`(${name})`)
  expect(() => probe()).toThrow(
    expect.objectContaining({ kind: 'repository', hint: expect.stringContaining('install git') }),
  )
})

test('other formats, linked work trees and submodules are refused, and a directory below the root finds it', () => {
  expect(probeEmbedded(join(repo.root, 'a'), gitEnvironment).root).toBe(repo.root)
  const linked = join(dirname(repo.root), 'linked')
  repo.git('worktree', 'add', '-q', linked)
  expect(() => probeEmbedded(linked, gitEnvironment)).toThrow('(linked-worktree)')
  const other = makeRepo({ f: '1\n' }, { objectFormat: 'sha256' })
  expect(() => probeEmbedded(other.root, gitEnvironment)).toThrow('(repository-format)')
  other.dispose()
})

test('what the user and the machine are set to counts too', () => {
  const home = join(dirname(repo.root), 'home')
  const environment = { PATH: gitEnvironment['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1' }
  openRepoAt(home).write('.gitconfig', '[user]\n\tname = "A; B" # and so on\n\temail = a@example.invalid\n')
  expect(probe(environment).root).toBe(repo.root)
  openRepoAt(home).write('.config/git/attributes', '*.bin filter=lfs\n')
  expect(() => probe(environment)).toThrow('(attributes)')
  expect(() => probe({ ...environment, XDG_CONFIG_HOME: '/nonexistent' })).not.toThrow()
  // An empty one is none to git.
  expect(() => probe({ ...environment, XDG_CONFIG_HOME: '' })).toThrow('(attributes)')
  openRepoAt(home).write('.config/git/config', '[commit]\n\tgpgSign = true\n')
  expect(() => probe({ ...environment, XDG_CONFIG_HOME: '' })).toThrow('(signing)')
  openRepoAt(home).write('.gitconfig', '[core]\n\tautocrlf\n')
  expect(() => probe({ ...environment, XDG_CONFIG_HOME: '/nonexistent' })).toThrow('(line-ends)')
  expect(() => probe({ ...gitEnvironment, HTTPS_PROXY: 'http://127.0.0.1:1' })).toThrow('(environment)')
})

test('a password in an address is never told, wherever it stands', () => {
  for (const [key, value] of [
    ['branch.main.remote', 'ssh://bob:hunt@er2@host.invalid/x.git'],
    ['url.https://bob:hunt@er2@host.invalid/.insteadOf', 'x:'],
  ] as const) {
    set(key, value)()
    expect(() => probe()).toThrow('//host.invalid/')
    expect(() => probe()).not.toThrow(/bob|hunt|er2/)
  }
})

test('what does nothing is no condition', () => {
  for (const [key, value] of [
    ['core.autocrlf', 'false'],
    ['core.ignoreCase', 'no'],
    ['commit.gpgSign', 'false'],
    ['http.postBuffer', '1000000'],
    ['remote.other.url', 'git@example.invalid:x.git'],
    ['core.hooksPath', '/dev/null'],
  ] as const)
    set(key, value)()
  followRemote('https://example.invalid/x.git')()
  own('hooks/pre-commit.sample', '#!/bin/sh\n')()
  own('hooks/pre-commit', 'not executable')()
  repo.git('branch', 'nämé\u00a0x')
  repo.git('tag', '-a', '-m', 'one', 'one')
  packedRefs((text) => text)()
  repo.git('gc', '-q')
  expect(probe().root).toBe(repo.root)
})

test('no repository, a bare one, a git directory and another user’s are refused with what to do', () => {
  const place = dirname(repo.root)
  expect(() => probeEmbedded(place, gitEnvironment)).toThrow(/is not in a git work tree/)
  expect(() => probeEmbedded(join(repo.root, '.git'), gitEnvironment)).toThrow(/is inside a git directory/)
  mkdirSync(join(place, 'bare'))
  openRepoAt(join(place, 'bare')).git('init', '-q', '--bare')
  expect(() => probeEmbedded(join(place, 'bare'), gitEnvironment)).toThrow(/is a bare repository/)
  expect(process.getuid?.(), 'this test changes an owner').toBe(0)
  chownSync(repo.root, 12345, 12345)
  expect(() => probe()).toThrow(/belongs to another user/)
  const home = openRepoAt(join(place, 'home'))
  home.write('.gitconfig', `[safe]\n\tdirectory = ${repo.root}\n`)
  expect(probe({ PATH: '', HOME: home.root, GIT_CONFIG_NOSYSTEM: '1' }).root).toBe(repo.root)
})
