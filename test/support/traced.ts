/** What a program and its children publish by rename or link, and whether the disk had it by then: told by strace. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

export interface Published {
  /** Absolute, as all paths here. */
  readonly path: string
  readonly from: string
  /** Its bytes had been synced since they were last written. */
  readonly wasSynced: boolean
  /** Directories that got a new name since they were last synced. */
  readonly openDirectories: readonly string[]
}

const calls = 'openat,write,writev,pwrite64,fsync,fdatasync,syncfs,rename,renameat,renameat2,link,linkat'

/** For in front of a command line. */
export function strace(file: string): readonly string[] {
  return ['strace', '-f', '-y', '-s', '0', '--seccomp-bpf', '-o', file, '-e', `trace=${calls}`]
}

/** False where there is no strace, or where the system does not let one process watch another. */
export function mayTrace(): boolean {
  try {
    execFileSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fsync', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** @param directory what relative paths begin at */
export function publishedIn(file: string, directory: string): readonly Published[] {
  const dirty = new Set<string>()
  const syncedAt = new Map<string, number>()
  const open = new Set<string>()
  const published: Published[] = []
  for (const { name, args, result, begunAt, endedAt } of callsIn(readFileSync(file, 'latin1'))) {
    if (result.startsWith('-')) continue
    const descriptor = /^\d+<([^>]*)>/.exec(args)?.[1]
    if (name === 'syncfs') {
      dirty.clear()
      open.clear()
    } else if (name.endsWith('sync') && descriptor !== undefined) {
      dirty.delete(descriptor)
      syncedAt.set(descriptor, endedAt)
      open.delete(descriptor)
    } else if (/^p?write/.test(name) && descriptor !== undefined) dirty.add(descriptor)
    else if (name === 'openat' && /O_WRONLY|O_RDWR/.test(args)) dirty.add(/<([^>]*)>$/.exec(result)?.[1] ?? '')
    else if (/^(rename|link)/.test(name)) {
      const [from = '', path = ''] = [...args.matchAll(/"([^"]*)"/g)].map(([, one = '']) => resolve(directory, one))
      const wasSynced = !dirty.has(from) && (syncedAt.get(from) ?? -1) < begunAt
      published.push({ path, from, wasSynced, openDirectories: [...open] })
      if (dirty.has(from)) dirty.add(path)
      else dirty.delete(path)
      if (name.startsWith('rename')) dirty.delete(from)
      open.add(dirname(path))
    }
  }
  return published
}

interface Call {
  readonly name: string
  readonly args: string
  readonly result: string
  /** Lines of the trace: calls of several threads overlap. */
  readonly begunAt: number
  readonly endedAt: number
}

function* callsIn(trace: string): Generator<Call> {
  const begun = new Map<string, { readonly text: string; readonly at: number }>()
  for (const [at, line] of trace.split('\n').entries()) {
    const [, pid = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const [, start] = /^(.*) <unfinished \.\.\.>$/.exec(text) ?? []
    if (start !== undefined) {
      begun.set(pid, { text: start, at })
      continue
    }
    const [, end] = /^<\.\.\. \w+ resumed>(.*)$/.exec(text) ?? []
    const before = end === undefined ? undefined : begun.get(pid)
    const whole = before === undefined ? text : `${before.text}${end}`
    const [, name, args = '', result = ''] = /^(\w+)\((.*)\) += (.*)$/.exec(whole) ?? []
    if (name !== undefined) yield { name, args, result, begunAt: before?.at ?? at, endedAt: at }
  }
}
