import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { GitEngine } from '../../src/git/git.ts'
import { prepareIntegration } from '../../src/integrate/integrate.ts'
import { gitEnvironment, type TempRepo } from './temp-repo.ts'

/** Text by path; of a link where it leads, behind an arrow. */
export type Files = Readonly<Record<string, string>>

export interface MergedFiles {
  readonly files: Files
  readonly conflicts: readonly { readonly path: string; readonly kept: string }[]
}

const linkMark = '-> '
/** As of an automatic commit: no other is put on the remote's. */
const message = `x\n\nWorkspace-Sync-Id: ${'0'.repeat(32)}\n`

/** A commit of exactly these files, without a work tree. */
function commitOf(repo: TempRepo, files: Files, parents: readonly string[]): string {
  const index = join(repo.root, '.git', 'beside')
  rmSync(index, { force: true })
  const environment = { ...gitEnvironment, GIT_INDEX_FILE: index }
  const run = (args: readonly string[], input = ''): string =>
    execFileSync('git', [...args], { cwd: repo.root, env: environment, input, encoding: 'utf8' }).trim()
  const lines = Object.entries(files).map(([path, text]) => {
    const isLink = text.startsWith(linkMark)
    const oid = run(['hash-object', '-w', '--stdin'], isLink ? text.slice(linkMark.length) : text)
    return `${isLink ? '120000' : '100644'} ${oid}\t${path}\n`
  })
  run(['update-index', '--index-info'], lines.join(''))
  return run(['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-m', message, run(['write-tree'])])
}

/**
 * What becomes of two sides, the second of which is the remote's.
 * @param before what ours had in commits before its last one
 */
export async function mergedFiles(
  engine: GitEngine,
  repo: TempRepo,
  sides: { readonly base: Files; readonly ours: Files; readonly theirs: Files },
  mode: 'merge' | 'rebase',
  before: readonly Files[] = [],
): Promise<MergedFiles> {
  const base = commitOf(repo, sides.base, [])
  const tip = commitOf(repo, sides.theirs, [base])
  const head = [...before, sides.ours].reduce((parent, files) => commitOf(repo, files, [parent]), base)
  const documents = { alike: () => false, levelled: () => null }
  const request = { ref: 'refs/heads/main', head, tip, had: null, mode, message: 'm', documents } as const
  const made = await prepareIntegration(engine, request)
  if (made.kind === 'nothing') return { files: sides.ours, conflicts: [] }
  if (made.kind !== 'ready') throw new Error(`not merged: ${JSON.stringify(made)}`)
  const read = (oid: string): string => repo.git('cat-file', 'blob', oid)
  const rows = repo.git('ls-tree', '-r', made.commit).split('\n').filter(Boolean)
  const files = rows.map((row) => [row.slice(row.indexOf('\t') + 1), read(row.split(/\s/)[2] ?? '')] as const)
  return {
    files: Object.fromEntries(files),
    conflicts: made.conflicts.map(({ path, kept }) => ({ path, kept: read(kept.oid) })),
  }
}
