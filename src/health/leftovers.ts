import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { processes } from '../platform/platform.ts'

/** A program that writes such a file is done with it in milliseconds. */
const leftAfterMs = 60_000

/** Named by the process that writes it; it is gone, so nobody will finish or remove it. */
const byPid = [/\.json\.(\d+)\.tmp$/, /^daemon\.lock\.(\d+)$/, /^pre-push\.workspace-sync-(\d+)$/]
/** Named by nobody: left behind only when no daemon runs, or by their age. */
const byAge = [/^daemon\.lock\.takeover$/, /^push-pass-[0-9a-f]{16}$/]

/**
 * Files and folders that only this program makes and that nobody uses any more: its temporary files in the state
 * directory and beside the hooks, and scratch folders whose process is gone.
 */
export function leftovers(
  stateDir: string,
  hooksDirectory: string,
  temporaryDir: string,
  hasDaemon: boolean,
  nowMs: number,
): readonly string[] {
  const files = [stateDir, hooksDirectory].flatMap((directory) =>
    namesIn(directory)
      .filter((name) => isLeft(name, join(directory, name), hasDaemon, nowMs))
      .map((name) => join(directory, name)),
  )
  const scratch = namesIn(temporaryDir)
    .filter((name) => name.startsWith('workspace-sync-'))
    .map((name) => join(temporaryDir, name))
    .filter(processes.scratch.isOfTheDead)
  return [...files, ...scratch]
}

function isLeft(name: string, path: string, hasDaemon: boolean, nowMs: number): boolean {
  const pid = byPid.map((pattern) => pattern.exec(name)?.[1]).find((found) => found !== undefined)
  const changedAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs
  const isOld = nowMs - changedAtMs > leftAfterMs
  if (pid !== undefined) return processes.identity(Number(pid)) === null || isOld
  return byAge.some((pattern) => pattern.test(name)) && !hasDaemon && isOld
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
