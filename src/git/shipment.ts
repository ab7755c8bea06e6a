import { basename, join } from 'node:path'
import type { Failure, Oid } from '../types.ts'
import { objectsIn } from './environment.ts'
import { failureOf } from './failures.ts'
import type { Git } from './run.ts'
import type { Workbench } from './workbench.ts'

/** As many as git itself would make a pack of (`fetch.unpackLimit`). */
export const shipmentMinDefault = 100

/** Of many small objects the search for similar ones needs no more. */
const windowMemory = '64m'

/**
 * Many objects on their way into the repository. They are written to a directory beside its own without a sync of
 * each; what is published becomes one pack, which git syncs before it gives it its name. So nothing can lead to an
 * object that a power cut would take away, and what was not published was never there.
 */
export interface Shipment {
  /** Writes objects here, and finds those of the repository too. */
  readonly git: Git
  /** @param names what each object is to be compared with is found by its name; all that lies here is published. */
  publish(names: ReadonlyMap<Oid, string>): Promise<Failure | null>
  discard(): Promise<void>
}

export async function openShipment(bench: Workbench): Promise<Shipment> {
  const { disk, git, repository, deadlines } = bench
  const objects = join(repository.commonDir, 'objects')
  const directory = directoryOf(bench)
  await disk.removeTree(directory)
  disk.makeDirectory(directory)
  const environment = objectsIn(directory, objects)
  return {
    git: {
      run: (call) => git.run({ ...call, environment: { ...environment, ...call.environment } }),
      start: (args, events) => git.start(args, events, environment),
    },
    publish: async (names) => {
      const packs = join(objects, 'pack')
      disk.makeDirectory(packs)
      // Local: what the repository has already stays where it is.
      const how = ['--local', '--non-empty', '--delta-base-offset', `--window-memory=${windowMemory}`, '-q']
      const answer = await git.run({
        args: [...syncedPacks, 'pack-objects', ...how, join(packs, 'pack')],
        input: linesOf(new Set([...names.keys(), ...looseIn(bench, directory)]), names),
        environment,
        deadlineMs: deadlines.treeMs,
      })
      if (answer.code !== 0) return failureOf('pack-objects', answer)
      // git leaves it to the file system that what was renamed first is there first.
      disk.sync(packs)
      return null
    },
    discard: () => disk.removeTree(directory),
  }
}

/** What a killed process left behind. */
export function discardShipment(bench: Workbench): Promise<void> {
  return bench.disk.removeTree(directoryOf(bench))
}

const syncedPacks = ['-c', 'core.fsync=pack,pack-metadata'] as const

/** One for each work tree. `git gc` takes what is called so for its own, and clears it away when it is old. */
function directoryOf({ repository: { commonDir, gitDir } }: Workbench): string {
  const tree = gitDir === commonDir ? '' : `-${basename(gitDir)}`
  return join(commonDir, 'objects', `tmp_objdir-workspace-sync${tree}`)
}

function looseIn({ disk }: Workbench, directory: string): readonly Oid[] {
  const folders = disk.list(directory).filter((name) => /^[0-9a-f]{2}$/.test(name))
  return folders.flatMap((folder) =>
    disk.list(join(directory, folder)).flatMap((name) => (/^[0-9a-f]+$/.test(name) ? [`${folder}${name}`] : [])),
  )
}

function linesOf(oids: Iterable<Oid>, names: ReadonlyMap<Oid, string>): Buffer {
  const lines = Array.from(oids, (oid) => `${oid} ${names.get(oid)?.replaceAll('\n', ' ') ?? ''}\n`)
  return Buffer.from(lines.join(''), 'latin1')
}
