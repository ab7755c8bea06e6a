import { existsSync, fstatSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { errnoOf } from '../errors.ts'
import { wantsColor } from './printable.ts'
import { readNotRunning, readStatus } from './status-files.ts'
import { notRunningText, statusText } from './status-text.ts'
import { findWorkspace } from './workspace.ts'

const exitNoDaemon = 3

/**
 * Answers a plain `status` without loading anything else. Called by `bin/workspace-sync.js` from the compiled form.
 * @public
 * @returns the exit code; null when the full command line has to take over, which then also finds what is wrong.
 */
export function quickStatus(args: readonly string[]): number | null {
  const asked = readArguments(args)
  if (asked === null) return null
  const workspace = findWorkspace(resolve(asked.directory))
  if (workspace === null) return null
  const nowMs = Date.now()
  const report = readStatus(workspace.stateDir, nowMs)
  // A lock without a status: the owner may live, and only the full command line can ask it.
  if (report === null && existsSync(join(workspace.stateDir, 'daemon.lock'))) return null
  if (report === null) {
    const notRunning = readNotRunning(workspace, process.cwd(), nowMs)
    write(asked.json ? `${JSON.stringify(notRunning)}\n` : notRunningText(notRunning, nowMs))
    return exitNoDaemon
  }
  if (asked.json) write(`${JSON.stringify(report)}\n`)
  else write(statusText(report, nowMs, asked.color && wantsColor(process.env, isTerminal())))
  return 0
}

const standardOutput = 1

/** Straight to the descriptor: the stream would load what networks need first, 4 ms. */
function write(text: string): void {
  const bytes = Buffer.from(text)
  let at = 0
  try {
    while (at < bytes.length) at += writeSync(standardOutput, bytes, at)
  } catch (error) {
    const code = errnoOf(error)
    // A full pipe that somebody made non-blocking: only the stream can wait for its reader.
    if (code === 'EAGAIN') process.stdout.write(bytes.subarray(at))
    // The reader has gone, and there is nobody left to tell.
    else if (code !== 'EPIPE') throw error
  }
}

/** Any character device, that is: escape sequences in /dev/null do no harm. */
function isTerminal(): boolean {
  return fstatSync(standardOutput).isCharacterDevice()
}

interface Asked {
  readonly directory: string
  readonly json: boolean
  readonly color: boolean
}

/** Only the forms that need no parser; null for everything else. */
function readArguments(args: readonly string[]): Asked | null {
  let asked: Asked = { directory: '.', json: false, color: true }
  let seen = 0
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? ''
    const next = args[index + 1]
    if (argument === 'status') seen += 1
    else if (argument === '--json') asked = { ...asked, json: true }
    else if (argument === '--no-color') asked = { ...asked, color: false }
    else if ((argument === '-C' || argument === '--workspace') && next !== undefined) {
      asked = { ...asked, directory: next }
      index += 1
    } else return null
  }
  return seen === 1 ? asked : null
}
