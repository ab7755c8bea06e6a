import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { processIdentity } from '../living.ts'
import { isOfPlace } from '../place.ts'
import type { LastStatus, StatusFile } from '../report/report.ts'
import { lastKnown, typedCommand, type NotRunning } from './not-running.ts'
import { statusReport, type StatusReport } from './status-report.ts'
import { findWorkspace, type Workspace } from './workspace.ts'

/** @returns null when no daemon wrote there that lives: no file, or one whose process is gone. */
export function readStatus(stateDir: string, nowMs: number): StatusReport | null {
  const file = readFile(stateDir, 'status.json')
  if (file === null || processIdentity(file.pid)?.startTick !== file.startTick) return null
  return statusReport(file, nowMs, isoOf)
}

/** What is known of a workspace that no daemon looks after. @param cwd where the remedy would be typed. */
export function readNotRunning({ root, stateDir }: Workspace, cwd: string, nowMs: number): NotRunning {
  const elsewhere = findWorkspace(cwd)?.root === root ? null : root
  const pause = pauseIn(stateDir, nowMs)
  return {
    running: false,
    workspace: root,
    remedy: typedCommand('start', elsewhere),
    paused: pause === null ? null : { ...pause, remedy: typedCommand('resume', elsewhere) },
    last: lastIn(stateDir),
  }
}

function lastIn(stateDir: string): NotRunning['last'] {
  const left = readFile(stateDir, 'status.json')
  // Its end stands beside how it stood.
  const last = readFile(stateDir, 'last-status.json') as LastStatus | null
  try {
    return lastKnown(left, last, isoOf)
  } catch {
    // Of another version, or damaged: nothing alive has written it, so nothing depends on it.
    return null
  }
}

/** It is written whole, by the daemon of this very program and folder; a file of anything else is none. */
function readFile(stateDir: string, name: string): StatusFile | null {
  const value = jsonIn(join(stateDir, name))
  const isOurs = typeof value === 'object' && value !== null && 'startTick' in value && isOfPlace(value, stateDir)
  return isOurs ? (value as StatusFile) : null
}

/** Of `state.json`, without the schema that a start reads it by: loading that costs more than all else here. */
function pauseIn(stateDir: string, nowMs: number): { readonly by: string; readonly until: string | null } | null {
  const value = jsonIn(join(stateDir, 'state.json'))
  const pause = typeof value === 'object' && value !== null && 'pause' in value ? value.pause : null
  if (typeof pause !== 'object' || pause === null || !('by' in pause) || !('untilMs' in pause)) return null
  const { by, untilMs } = pause
  if (typeof by !== 'string' || (typeof untilMs === 'number' && untilMs <= nowMs)) return null
  return { by, until: typeof untilMs === 'number' ? isoOf(untilMs) : null }
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Not there, damaged, or not for us to read: it tells nothing.
    return null
  }
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString()
}
