import type { FileMode, Oid, PathBytes, PlanEntry, TreeEntry } from '../../types.ts'
import type { CommitChange } from '../merge-engine.ts'
import { repositoryError } from '../failures.ts'
import { treeEntries } from '../parse.ts'
import type { ObjectReader } from '../objects.ts'
import type { Objects } from './objects.ts'

const oidBytes = 20
const usualModes = new Set(['40000', '100644', '100755', '120000', '160000'])

/** The entries of one tree, by name, one byte per unit. @throws SyncError when it is missing or no tree */
async function entriesOf(objects: ObjectReader, tree: Oid | null): Promise<ReadonlyMap<string, TreeEntry>> {
  if (tree === null) return new Map()
  const object = await objects.read(tree)
  if (object?.type === 'tree') return treeEntries(object.bytes, oidBytes)
  const detail = `tree ${tree} cannot be read`
  throw repositoryError({ name: 'corrupt', detail, hint: 'run: git fsck --full', heals: 'person' })
}

/** Every file and link below a tree; submodules are left out. */
export async function listTree(
  objects: ObjectReader,
  tree: Oid,
  prefix = '',
): Promise<readonly { readonly path: PathBytes; readonly entry: TreeEntry }[]> {
  const found: { path: PathBytes; entry: TreeEntry }[] = []
  for (const [name, entry] of await entriesOf(objects, tree)) {
    const path = `${prefix}${name}` as PathBytes
    if (entry.mode === '040000') found.push(...(await listTree(objects, entry.oid, `${path}/`)))
    else if (entry.mode !== '160000') found.push({ path, entry })
  }
  return found
}

/** What differs between two trees, file by file, in the order of git. Equal subtrees are not looked into. */
export async function treeChanges(
  objects: ObjectReader,
  before: Oid | null,
  after: Oid | null,
  prefix = '',
): Promise<readonly CommitChange[]> {
  const [old, now] = [await entriesOf(objects, before), await entriesOf(objects, after)]
  const found: CommitChange[] = []
  for (const name of [...new Set([...old.keys(), ...now.keys()])].toSorted((a, b) => (a < b ? -1 : 1))) {
    const [was, is] = [old.get(name) ?? null, now.get(name) ?? null]
    if (was?.mode === is?.mode && was?.oid === is?.oid) continue
    const path = `${prefix}${name}` as PathBytes
    const [wasTree, isTree] = [was?.mode === '040000', is?.mode === '040000']
    const file = { path, before: wasTree ? null : was, after: isTree ? null : is }
    if (file.before !== null || file.after !== null) found.push(file)
    if (wasTree || isTree) {
      const [from, to] = [wasTree ? (was?.oid ?? null) : null, isTree ? (is?.oid ?? null) : null]
      found.push(...(await treeChanges(objects, from, to, `${path}/`)))
    }
  }
  return found
}

/** A tree in which an entry has a mode that is written no more: written anew it would become another one. */
export class UnusualMode extends Error {}

/**
 * The tree with exactly these entries changed, deletions first: a file can then take the place of a directory, and the
 * other way round. Only trees along the changed paths are written.
 * @returns null: nothing is left in it
 * @throws UnusualMode
 */
export async function changedTree(
  objects: Objects,
  tree: Oid | null,
  entries: readonly { readonly path: string; readonly to: TreeEntry | null }[],
): Promise<Oid | null> {
  const now = new Map(await plainEntries(objects, tree))
  const byName = new Map<string, { path: string; to: TreeEntry | null }[]>()
  for (const { path, to } of entries) {
    const [name = ''] = path.split('/', 1)
    byName.set(name, [...(byName.get(name) ?? []), { path: path.slice(name.length + 1), to }])
  }
  for (const [name, changes] of byName) {
    const entry = await changedEntry(objects, now.get(name) ?? null, changes)
    if (entry === null) now.delete(name)
    else now.set(name, entry)
  }
  return now.size === 0 ? null : objects.write('tree', treeBytes(now))
}

async function changedEntry(
  objects: Objects,
  known: TreeEntry | null,
  changes: readonly { readonly path: string; readonly to: TreeEntry | null }[],
): Promise<TreeEntry | null> {
  const [here, below] = [changes.filter(({ path }) => path === ''), changes.filter(({ path }) => path !== '')]
  const isDeleted = here.some(({ to }) => to === null) && known?.mode !== '040000'
  let entry = isDeleted ? null : known
  const isTree = entry?.mode === '040000'
  // What is not there cannot be deleted from what is a file.
  if (below.length > 0 && (isTree || below.some(({ to }) => to !== null))) {
    const oid = await changedTree(objects, isTree ? (entry?.oid ?? null) : null, below)
    entry = oid === null ? null : { mode: '040000', oid }
  }
  return here.find(({ to }) => to !== null)?.to ?? entry
}

async function plainEntries(objects: ObjectReader, tree: Oid | null): Promise<ReadonlyMap<string, TreeEntry>> {
  const entries = await entriesOf(objects, tree)
  const object = tree === null ? null : await objects.read(tree)
  const bytes = object?.bytes ?? Buffer.alloc(0)
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at)
    const mode = bytes.toString('latin1', at, space)
    if (!usualModes.has(mode)) throw new UnusualMode(`tree ${tree} has an entry of mode ${mode}`)
    at = bytes.indexOf(0, space) + 1 + oidBytes
  }
  return entries
}

/** Sorted as git sorts: a directory as if its name ended with '/'. */
function treeBytes(entries: ReadonlyMap<string, TreeEntry>): Buffer {
  const rows = [...entries].map(([name, { mode, oid }]) => ({
    key: mode === '040000' ? `${name}/` : name,
    bytes: Buffer.concat([Buffer.from(`${writtenMode(mode)} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')]),
  }))
  return Buffer.concat(rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ bytes }) => bytes))
}

function writtenMode(mode: FileMode): string {
  return mode === '040000' ? '40000' : mode
}

/** For `changedTree`. */
export function treeEdits(entries: readonly PlanEntry[]): readonly { path: string; to: TreeEntry | null }[] {
  return entries.map(({ path, mode, oid }) => ({ path, to: mode === null ? null : { mode, oid } }))
}
