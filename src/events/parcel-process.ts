import { fork } from 'node:child_process'
import { parse } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromWatchProcess, ToWatchProcess, WatchOrder } from './parcel-protocol.ts'

/** What is kept of the last words of a process that crashed. */
const lastWordsMax = 2_000

export interface WatchProcess {
  ping(): void
  /** Ends it at once; it is not heard of again. */
  end(): void
}

export interface WatchProcessListener {
  heard(message: FromWatchProcess): void
  /** It ended by itself. @param how a few words: the signal, the code, its last line. */
  ended(how: string): void
}

export type StartWatchProcess = (order: WatchOrder, listener: WatchProcessListener) => WatchProcess

/** @param entry the compiled `parcel-child.js`. */
export function watchProcessStarter(
  entry: string = fileURLToPath(new URL('./parcel-child.js', import.meta.url)),
): StartWatchProcess {
  return (order, listener) => {
    const child = fork(entry, [], {
      // Neither the environment nor the place of the daemon is its business; Windows programs need their system's root.
      env: process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] },
      cwd: parse(entry).root,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let isOver = false
    let lastWords = ''
    const over = (how: string): void => {
      if (isOver) return
      isOver = true
      listener.ended(how)
    }
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (lastWords = (lastWords + text).slice(-lastWordsMax)))
    child.on('message', (message) => {
      if (!isOver) listener.heard(message as FromWatchProcess)
    })
    child.on('error', (error) => over(error.message))
    child.on('close', (code, signal) => over(describeEnd(code, signal, lastWords)))
    const say = (message: ToWatchProcess): void => {
      // A channel that closes meanwhile is told by the end of the process.
      if (child.connected) child.send(message, () => undefined)
    }
    say({ kind: 'watch', order })
    return {
      ping: () => say({ kind: 'ping' }),
      end() {
        isOver = true
        child.kill('SIGKILL')
      },
    }
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  const how = signal ?? `code ${code}`
  const line = lastWords.split('\n').findLast((text) => /\S/.test(text))
  return line === undefined ? how : `${how}: ${line.trim().slice(0, 200)}`
}
