import { statfsSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import type { Scratch } from '../git/git.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  readonly node: string
  readonly git: string
  /** File system of the scratch copy. */
  readonly disk: string
}

/** Names of `f_type` (statfs(2)); another one is told as its number. */
const fileSystems = new Map<number, string>([
  [0xef53, 'ext4'],
  [0x9123683e, 'btrfs'],
  [0x58465342, 'xfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlayfs'],
  [0x2fc12fc1, 'zfs'],
  [0x6969, 'nfs'],
  [0xf2f52010, 'f2fs'],
  [0x1a, 'apfs'],
])

export async function machineOf(scratch: Scratch, directory: string): Promise<Machine> {
  const all = cpus()
  const { type } = statfsSync(directory)
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryBytes: totalmem(),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    git: await scratch.gitVersion(),
    disk: fileSystems.get(type) ?? `type 0x${type.toString(16)}`,
  }
}
