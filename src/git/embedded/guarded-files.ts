import { constants, promises, type Stats } from 'node:fs'
import type { PromiseFsClient } from 'isomorphic-git'
import { basename, dirname, join, sep } from 'node:path'

interface Guard {
  readonly gitDir: string
  readonly mayWritePacks: boolean
  /** What it notes about the remote after a transfer goes nowhere: it is written here afterwards, under a lock. */
  readonly dropsRefs?: boolean
}

/**
 * The file system as isomorphic-git sees it. It would write refs, the index and objects in place, without a lock and
 * without asking whether anything had changed (30 commits of a person beside it: 25 were left). Here it reads, and
 * may add packs: whole, under a temporary name first. Refs, index and everything else are written by this room alone.
 */
export function guardedFiles({ gitDir, mayWritePacks, dropsRefs = false }: Guard): PromiseFsClient {
  const packs = join(gitDir, 'objects', 'pack')
  const isNote = (path: string): boolean =>
    dropsRefs &&
    (path.startsWith(join(gitDir, 'refs', 'remotes') + sep) ||
      ['shallow', 'FETCH_HEAD', 'packed-refs'].some((name) => path === join(gitDir, name)))
  const refuse = (verb: string) => (path: string) =>
    isNote(path)
      ? Promise.resolve()
      : Promise.reject(
          Object.assign(new Error(`EPERM: ${verb} ${path} is kept from isomorphic-git`), { code: 'EPERM' }),
        )
  const isPack = (path: string): boolean =>
    mayWritePacks && dirname(path) === packs && /^pack-[0-9a-f]{40}\.(?:pack|idx)$/.test(basename(path))
  return {
    promises: {
      readFile: promises.readFile,
      readdir: promises.readdir,
      stat: promises.stat,
      lstat: (path: string): Promise<Stats> => promises.lstat(path),
      readlink: promises.readlink,
      writeFile: (path: string, bytes: Uint8Array) => (isPack(path) ? writePack(path, bytes) : refuse('writing')(path)),
      mkdir: (path: string) =>
        mayWritePacks && `${packs}${sep}`.startsWith(`${path}${sep}`)
          ? promises.mkdir(path, { recursive: true })
          : refuse('making')(path),
      rmdir: refuse('removing'),
      unlink: refuse('removing'),
      symlink: refuse('linking'),
    },
  }
}

/** An index is written after its pack, so whoever sees the index finds the pack whole. */
async function writePack(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `tmp_${basename(path)}`)
  await promises.rm(temporary, { force: true })
  const file = await promises.open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o444)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await promises.rename(temporary, path)
}
