import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { git } from '../machines/clone.ts'
import { makeStage } from '../plays/stage.ts'
import { startChild } from '../support/child.ts'
import { openRepoAt } from '../support/temp-repo.ts'
import { mayTrace, publishedIn, strace } from '../support/traced.ts'
import { pushFrom } from '../support/two-machines.ts'
import { program } from '../support/workspace.ts'

/** What may be empty or old after a power cut, and why that harms nobody. */
const replaceable = [
  // A lock says who lives, and nobody lives after a power cut.
  /\.lock$/,
  // Said anew by the next start.
  /workspace-sync\/(last-)?status\.json$/,
  // What a person was told of troubles; one that cannot be read is begun anew.
  /workspace-sync\/notices\.json$/,
  // Our own index is made from HEAD when it is not what HEAD says; the copy becomes the user's index under that name.
  /workspace-sync\/index(-copy)?$/,
  // A second name of what lies there already.
  /workspace-sync\/replaced\//,
  // Nothing leads there: they become a pack.
  /objects\/tmp_objdir-workspace-sync\//,
]

test.skipIf(!mayTrace()).each([
  ['a few files', 1],
  ['so many files that their objects are shipped', 120],
])(
  'traced: in a commit and an integration of %s all that gets a name was on the disk before, and the names of files before the branch moves',
  { timeout: 120_000 },
  async (_, count) => {
    const finishing: (() => void | Promise<void>)[] = []
    const stage = await makeStage('durable', { 'changed.md': 'one\n', 'theirs.md': 'one\n' })
    finishing.push(() => stage.close())
    try {
      const { folder, root, environment } = stage
      git(folder, 'clone', '-q', stage.address, join(folder, 'elsewhere'))
      pushFrom(openRepoAt(join(folder, 'elsewhere')), { 'theirs.md': 'two\n', 'new/theirs.md': 'new\n' })
      const here = openRepoAt(root)
      here.write('changed.md', 'two\n')
      for (let file = 1; file < count; file++) here.write(`many/${file}.md`, `${file}\n`)
      here.write('staged.md', 'staged\n')
      here.git('add', 'staged.md')

      const trace = join(folder, 'trace')
      const command = [...strace(trace), process.execPath, program, 'start', '--once', '-C', root]
      const child = startChild({ onTestFinished: (tidy) => void finishing.unshift(tidy) }, command, {
        cwd: root,
        env: environment,
      })
      // Something staged is held.
      expect(await child.ended, child.out() + child.err()).toBe(4)
      expect(git(stage.remote, 'rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))

      const published = publishedIn(trace, root).map((one) => ({ ...one, path: relative(root, one.path) }))
      const paths = new Set(published.map(({ path }) => path))
      const seen = (pattern: RegExp): boolean => [...paths].some((path) => pattern.test(path))
      for (const path of ['refs/heads/main', 'refs/remotes/origin/main', 'index', 'workspace-sync/state.json']) {
        expect(paths).toContain(`.git/${path}`)
      }
      for (const path of ['theirs.md', 'new/theirs.md']) expect(paths).toContain(path)
      expect(seen(/^\.git\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/)).toBe(true)
      expect(seen(/^\.git\/objects\/pack\/pack-[0-9a-f]+\.(pack|idx)$/)).toBe(true)

      const isReplaceable = (path: string): boolean => replaceable.some((pattern) => pattern.test(path))
      expect(published.filter(({ path, wasSynced }) => !wasSynced && !isReplaceable(path))).toEqual([])
      const open = published
        .filter(({ path }) => path === '.git/refs/heads/main')
        .flatMap(({ openDirectories }) => openDirectories.map((directory) => relative(root, directory)))
      expect(open.filter((directory) => !directory.startsWith('.git'))).toEqual([])
      expect(readdirSync(root)).toContain('new')
    } finally {
      for (const finish of finishing) await finish()
    }
  },
)
