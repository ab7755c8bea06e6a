import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { processIdentity } from '../living.ts'
import { cgroups } from './cgroups.ts'
import { listProcesses } from './process-list.ts'
import { isOfTheDead, writeOwner } from './owner-file.ts'
import { isWriteMode, sharedMappings } from './proc-text.ts'
import { procTable } from './process-table.ts'

/**
 * Those of `paths` (absolute, one byte per unit) that some visible process has open for writing. Processes of other
 * users are invisible without root. One scan of `/proc`, about 0.05 ms a process; empty where there is no `/proc`.
 */
function openFilesForWriting(paths: ReadonlySet<string>): ReadonlySet<string> {
  const open = new Set<string>()
  if (paths.size === 0) return open
  for (const pid of list('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    for (const fd of list(`/proc/${pid}/fd`)) {
      const target = linkTarget(`/proc/${pid}/fd/${fd}`)
      if (target !== null && paths.has(target) && isWritable(pid, fd)) open.add(target)
    }
  }
  return open
}

/**
 * Those of `paths` that some visible process can write to through memory. Such a write changes no time stamp for half a
 * minute, and needs no open descriptor. One scan of `/proc`, about as long as the one for descriptors.
 */
function filesMappedForWriting(paths: ReadonlySet<string>): ReadonlySet<string> {
  const mapped = new Set<string>()
  if (paths.size === 0) return mapped
  for (const pid of list('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    for (const path of sharedMappings(mapsOf(pid))) if (paths.has(path)) mapped.add(path)
  }
  return mapped
}

function mapsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'latin1')
  } catch {
    return ''
  }
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function linkTarget(link: string): string | null {
  try {
    return readlinkSync(link, 'latin1')
  } catch {
    return null
  }
}

function isWritable(pid: string, fd: string): boolean {
  try {
    return isWriteMode(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))
  } catch {
    return false
  }
}

/** A scratch folder: names its maker, and whether that one is gone for good. */
const scratch = {
  claim(directory: string): void {
    const us = processIdentity(process.pid)
    if (us !== null) writeOwner(directory, us)
  },
  isOfTheDead: (directory: string): boolean =>
    isOfTheDead(directory, ({ pid, startTick }) => processIdentity(pid)?.startTick === startTick),
} as const

export const processes = {
  identity: processIdentity,
  openForWriting: openFilesForWriting,
  mappedForWriting: filesMappedForWriting,
  table: procTable,
  listed: listProcesses,
  cgroups,
  scratch,
} as const
