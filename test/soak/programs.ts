/** The programs of the trial: three that write for themselves, and one that works like an agent. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { drawing, Edit } from './ground.ts'
import { git } from './ground.ts'

const programs = new URL('../../../fixtures/programs/', import.meta.url).pathname

export interface Noise {
  /** Where they write, relative to the work tree. */
  readonly places: readonly string[]
  stop(): void
}

/** Names and places are drawn: no rule can know them. The heartbeat is tracked, as one that somebody once committed. */
export function startNoise(work: string, { random, word }: ReturnType<typeof drawing>): Noise {
  const root = `m${word()}`
  const seed = (): string => String(Math.floor(random() * 2 ** 31))
  const places = ['beat.json', 'answer.dat', 'many'].map((name) => `${root}/${word()}-${name}`)
  const [beat = '', answer = '', many = ''] = places
  mkdirSync(join(work, root))
  writeFileSync(join(work, beat), '{}\n')
  git(work, 'add', beat)
  git(work, 'commit', '-q', '-m', 'a heartbeat, once committed')
  const node = (name: string, place: string, ...rest: readonly string[]): ChildProcess =>
    spawn(process.execPath, [join(programs, name), join(work, place), ...rest], { stdio: 'ignore' })
  const children = [
    node('heartbeat.js', beat, '1000', seed()),
    node('commit-reactor.js', answer, '200', seed(), join(work, '.git')),
    node('ever-new.js', many, '5000', seed()),
  ]
  return { places, stop: () => children.forEach((child) => child.kill('SIGKILL')) }
}

/** Every so often it edits a handful of files. */
const turnEveryMs = 90_000

export function startAgent(bin: string, work: string, seed: number, edits: Edit[]) {
  const program = [process.execPath, join(programs, 'agent-turns.js'), work, String(turnEveryMs), String(seed)]
  const hasRun = /^  run /m.test(spawnSync(process.execPath, [bin, '--help'], { encoding: 'utf8' }).stdout)
  const asWriter = [process.execPath, bin, '-C', work, 'run', '--writer', 'trial-agent', '--policy', 'sync', '--']
  const [command = '', ...args] = hasRun ? [...asWriter, ...program] : program
  const child = spawn(command, args, { cwd: work, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, mark, path] = /^edit (\S+) (.+)$/.exec(line) ?? []
      if (mark !== undefined && path !== undefined) edits.push({ mark, path, atMs: Date.now(), seenAtMs: null })
    }
  })
  const stop = (): void => {
    // Its own group: what `run` started goes with it.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
  }
  return { how: hasRun ? 'declared by run' : 'undeclared: this version has no run', stop }
}
