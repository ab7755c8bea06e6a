import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Oid, PathBytes } from '../types.ts'
import type { BlobOrigin, Provenance } from './engine.ts'
import { literalPaths } from './environment.ts'
import { failureOf, repositoryError } from './failures.ts'
import { fields } from './parse.ts'
import { operationInProgress } from './pauses.ts'
import { pathVersions, type PathVersion } from './path-versions.ts'
import type { UserIndex } from './user-index.ts'
import type { Workbench } from './workbench.ts'

/** A path and what lies there now; null: nothing. */
interface Question {
  readonly path: PathBytes
  readonly bytes: Uint8Array | null
}

/** Attributes by which git writes other bytes into the work tree than it keeps. */
const converting = ['filter', 'ident', 'working-tree-encoding', 'eol', 'text'] as const
/** A commit made by a person or by us, never by a merge, a pull, a rebase or a cherry-pick (git-reflog(1)). */
const madeHere = /^commit(?: \((?:initial|amend)\))?: /
/** One line a move of HEAD or of a branch: a million moves. */
const reflogMaxBytes = 128 * 1024 * 1024

/**
 * How the bytes at these paths, all below `directory`, came to be there.
 * @throws SyncError `repository` when git cannot say.
 */
export async function provenance(
  bench: Workbench,
  index: UserIndex,
  directory: PathBytes,
  questions: readonly Question[],
): Promise<Provenance> {
  const isBusy = isOperating(bench)
  const [versions, here, touched, converted, table] = [
    await versionsBelow(bench, directory),
    await commitsMadeHere(bench),
    await touchedBelow(bench, directory),
    await convertedAmong(bench, questions),
    await index.read(),
  ]
  const origins = new Map<PathBytes, BlobOrigin>()
  for (const { path, bytes } of questions) {
    const staged = table.at(path)[0]?.oid ?? null
    const ids = await idsOf(bench, path, bytes)
    // Bytes that nobody touched since git wrote them are the index's, whatever a conversion made of them.
    if (staged !== null && !touched.has(path)) ids.add(staged)
    // Renamed, it is still what was brought; of deletions only those of this very path say anything.
    const known = versions.filter((version) => (bytes !== null || version.path === path) && ids.has(version.oid))
    origins.set(path, {
      brought: known.some(({ commit }) => !here.has(commit)),
      committedHere: known.some(({ commit }) => here.has(commit)),
      staged: staged !== null && ids.has(staged),
      converted: converted.has(path),
    })
  }
  return { isBusy, origins }
}

/** What is being merged lies in the work tree before any commit has it. */
function isOperating(bench: Workbench): boolean {
  const { disk, repository } = bench
  const squash = join(repository.gitDir, 'SQUASH_MSG')
  const lock = `${repository.indexPath}.lock`
  return operationInProgress(bench) !== null || [squash, lock].some((path) => disk.identify(path) !== null)
}

/** The ids that git may know these bytes by: as they lie there, and as it would store them. */
async function idsOf(bench: Workbench, path: PathBytes, bytes: Uint8Array | null): Promise<Set<Oid>> {
  const { objectFormat } = bench.repository
  if (bytes === null) return new Set(['0'.repeat(objectFormat === 'sha1' ? 40 : 64)])
  const raw = createHash(objectFormat).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  const args = ['hash-object', '--stdin', `--path=${Buffer.from(path, 'latin1').toString('utf8')}`]
  const answer = await bench.git.run({ args, input: Buffer.from(bytes), deadlineMs: bench.deadlines.plumbingMs })
  if (answer.code !== 0) throw repositoryError(failureOf('hash-object', answer))
  return new Set([raw, answer.stdout.toString('latin1').trim()])
}

/** Every content that any commit known here gave to a path below the directory. */
async function versionsBelow(bench: Workbench, directory: PathBytes): Promise<readonly PathVersion[]> {
  const shown = ['--raw', '-c', '--root', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff', '-O/dev/null']
  const walked = ['--all', '--reflog', '--full-history', '--ignore-missing', ...fetched(bench)]
  const plain = ['-c', 'log.showRoot=true', '-c', 'log.showSignature=false']
  const args = [...plain, 'log', ...shown, '--format=%x01%H', ...walked, '--', directory]
  const answer = await bench.git.run({ args, environment: literalPaths, deadlineMs: bench.deadlines.treeMs })
  if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf('log', answer))
  return pathVersions(fields(answer.stdout))
}

/** What a pull from a bare address brought stands in no ref. */
function fetched({ disk, repository }: Workbench): readonly Oid[] {
  const text = disk.read(join(repository.gitDir, 'FETCH_HEAD'))?.toString('latin1') ?? ''
  return text.split('\n').flatMap((line) => /^([0-9a-f]{40}|[0-9a-f]{64})\t/.exec(line)?.[1] ?? [])
}

async function commitsMadeHere(bench: Workbench): Promise<ReadonlySet<Oid>> {
  const args = ['-c', 'log.showSignature=false', 'log', '-g', '--all', '-z', '--no-patch', '--format=%H %gs']
  const answer = await bench.git.run({
    args,
    deadlineMs: bench.deadlines.treeMs,
    outputMaxBytes: reflogMaxBytes,
  })
  if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf('log', answer))
  const lines = fields(answer.stdout).map((line) => line.split(' '))
  return new Set(lines.flatMap(([oid = '', ...subject]) => (madeHere.test(subject.join(' ')) ? [oid] : [])))
}

/** Those that differ from the index, or may: their stat data says that somebody wrote them after git did. */
async function touchedBelow(bench: Workbench, directory: PathBytes): Promise<ReadonlySet<string>> {
  const args = ['diff-files', '--name-only', '-z', '--no-ext-diff', '--', directory]
  const answer = await bench.git.run({ args, environment: literalPaths, deadlineMs: bench.deadlines.treeMs })
  if (answer.code !== 0) throw repositoryError(failureOf('diff-files', answer))
  return new Set(fields(answer.stdout))
}

async function convertedAmong(bench: Workbench, questions: readonly Question[]): Promise<ReadonlySet<string>> {
  const input = Buffer.from(questions.map(({ path }) => `${path}\0`).join(''), 'latin1')
  const args = ['check-attr', '-z', '--stdin', ...converting]
  const answer = await bench.git.run({ args, input, deadlineMs: bench.deadlines.plumbingMs })
  if (answer.code !== 0) throw repositoryError(failureOf('check-attr', answer))
  const hasReturns = new Set(questions.flatMap(({ path, bytes }) => (bytes?.includes(0x0d) === true ? [path] : [])))
  const found = new Set<string>()
  const told = fields(answer.stdout)
  for (let at = 0; at + 2 < told.length; at += 3) {
    const [path = '', attribute = '', value = ''] = told.slice(at, at + 3)
    if (converts(attribute, value, hasReturns.has(path as PathBytes))) found.add(path)
  }
  return found
}

/** Line ends show on disk: where there is no CR, `text` has changed nothing. */
function converts(attribute: string, value: string, hasReturns: boolean): boolean {
  if (value === 'unspecified' || value === 'unset') return false
  if (attribute === 'eol') return value === 'crlf'
  return attribute === 'text' ? hasReturns : true
}
