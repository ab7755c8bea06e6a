import type { LastStatus, StatusFile } from '../report/report.ts'
import { shellWord } from '../shell.ts'
import { statusReport, type StatusReport } from './status-report.ts'

/** What `status --json` prints while no daemon runs. */
export interface NotRunning {
  readonly running: false
  readonly workspace: string
  /** The command that starts one, as it is typed here. */
  readonly remedy: string
  /** Somebody paused: that counts from the next start on. */
  readonly paused: { readonly by: string; readonly until: string | null; readonly remedy: string } | null
  /** null: no daemon has left word here. */
  readonly last: LastKnown | null
}

/** How things stood when the last daemon was heard of. What has changed since nobody has seen. */
export interface LastKnown extends Pick<
  StatusReport,
  'inSync' | 'ahead' | 'behind' | 'lastCommit' | 'lastPush' | 'reason'
> {
  /** died: it ended without a word, as by a kill or a power cut. */
  readonly ended: 'stopped' | 'died'
  /** When it stopped, or was last heard of. */
  readonly at: string
  /** What made it stop, such as a signal. */
  readonly why: string | null
  readonly pending: number
  readonly held: number
  readonly quarantine: number
}

/** @param elsewhere the root, for whoever types it outside of the workspace; null: they are in it. */
export function typedCommand(verb: 'start' | 'resume', elsewhere: string | null): string {
  return `workspace-sync ${elsewhere === null ? '' : `-C ${shellWord(elsewhere)} `}${verb}`
}

/**
 * @param left `status.json` of a process that is gone; one that stops in order takes it away.
 * @param last what the last one that stopped in order has left
 * @throws when either was written by somebody else, or is damaged
 */
export function lastKnown(
  left: StatusFile | null,
  last: LastStatus | null,
  isoOf: (atMs: number) => string,
): LastKnown | null {
  const hasStopped = last !== null && (left === null || isSameProcess(left, last))
  if (hasStopped) return { ...standing(last, isoOf), ended: 'stopped', at: isoOf(last.ended.atMs), why: last.ended.why }
  if (left === null) return null
  return { ...standing(left, isoOf), ended: 'died', at: isoOf(left.writtenAtMs), why: null }
}

function standing(file: StatusFile, isoOf: (atMs: number) => string): Omit<LastKnown, 'ended' | 'at' | 'why'> {
  const report = statusReport(file, file.writtenAtMs, isoOf)
  const { inSync, ahead, behind, lastCommit, lastPush, reason } = report
  const [pending, held, quarantine] = [report.pending.length, report.held.length, report.quarantine.length]
  return { inSync, reason, pending, held, quarantine, ahead, behind, lastCommit, lastPush }
}

function isSameProcess(one: StatusFile, other: StatusFile): boolean {
  return one.pid === other.pid && one.startTick === other.startTick
}
