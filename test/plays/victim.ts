/** A daemon of the built program that is there to be killed. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { hastySets } from '../machines/clone.ts'
import type { Stage } from './stage.ts'

export interface Victim {
  /** Resolves when it says that it watches, or has ended. */
  readonly watches: Promise<void>
  isWatching(): boolean
  hasEnded(): boolean
  said(): string
  /** How it ended, in words. */
  readonly ending: Promise<string>
  /**
   * @param isWithChildren whatever it has started ends with it, as when a machine goes down
   * @returns the git commands that it ran just then
   */
  kill9(isWithChildren: boolean): Promise<readonly string[]>
  /** @returns its exit code */
  stop(): Promise<number | null>
}

export function startVictim(program: string, { root, environment }: Stage): Victim {
  const sets = hastySets.flatMap((set) => ['--set', set])
  const child = spawn(process.execPath, [program, 'start', '--foreground', '-v', '-C', root, ...sets], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  let said = ''
  let hasEnded = false
  let how = ''
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code, signal) => {
      hasEnded = true
      how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by ${signal}`
      process.off('exit', kill)
      resolve(code)
    })
  })
  const isWatching = (): boolean => said.includes(' watching ')
  const watches = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (isWatching()) resolve()
      })
    }
    void ended.then(() => resolve())
  })
  return {
    watches,
    isWatching,
    hasEnded: () => hasEnded,
    said: () => said,
    ending: ended.then(() => how),
    async kill9(isWithChildren) {
      const below = descendants(child.pid ?? 0)
      const verbs = below.flatMap(verbOf)
      child.kill('SIGKILL')
      if (isWithChildren) for (const pid of below) killOne(pid)
      await ended
      return verbs
    },
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** The git command that a process runs; none: it is no git, or one that only answers all the time. */
function verbOf(pid: number): readonly string[] {
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    const verb = args.find((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-c')
    const isHelper = ['cat-file', 'check-ignore', 'hash-object'].includes(verb ?? '')
    return basename(program) !== 'git' || verb === undefined || isHelper ? [] : [verb]
  } catch {
    return []
  }
}

/** Every living process below this one, by what `/proc` says now. */
function descendants(ancestor: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const parent = parentOf(Number(name))
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const below = (pid: number): readonly number[] => (children.get(pid) ?? []).flatMap((one) => [one, ...below(one)])
  return below(ancestor)
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}
