import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { lockOwner, stateAtRest } from '../daemon/daemon.ts'
import type { GitEngine } from '../git/git.ts'
import { hookKinds, hookPlace } from '../hooks/hooks.ts'
import { fail, pass, warn, type Check } from './check.ts'
import { gatherHealth, type HealthInput } from './gather.ts'
import { healthChecks } from './judge.ts'
import { leftovers } from './leftovers.ts'
import { lookAtLocks } from './locks.ts'
import { lookAtState, spoiled } from './state.ts'
import { typedIn } from './typed.ts'

export interface DoctorInput extends HealthInput {
  readonly temporaryDir: string
  /** What an installed hook calls. */
  readonly node: string
  readonly program: string
  readonly fix: boolean
  /** A repository that may be written: what a crash left half done is finished through it. */
  openToWrite(): Promise<GitEngine>
}

/** What was mended, for people. */
export interface Fixed {
  readonly name: string
  readonly detail: string
}

export interface Diagnosis {
  readonly checks: readonly Check[]
  readonly fixed: readonly Fixed[]
}

/** Health and what only this program's own files show; with `fix` what is provably ours and safe to mend is mended. */
export async function diagnose(input: DoctorInput): Promise<Diagnosis> {
  const fixed = input.fix ? await mend(input) : []
  const [health, own] = await Promise.all([gatherHealth(input), ownChecks(input)])
  return { checks: [...healthChecks(health), ...own], fixed }
}

async function ownChecks(input: DoctorInput): Promise<readonly Check[]> {
  const { engine, node, program } = input
  const typed = typedIn(input.cwd, engine.repository.root)
  const place = await hookPlace(engine)
  const hooks = hookKinds.map((kind): Check => {
    const { outcome, path } = kind.look({ place, node, program })
    const name = `hook ${kind.name}`
    const again = `${typed.program} hooks install ${kind.name}`
    const anew = `${typed.program} hooks remove ${kind.name} && ${again}`
    if (outcome === 'outdated') return { name, ...warn(`${path} calls another program, or another version`, again) }
    if (outcome === 'edited') return { name, ...warn(`${path} was changed by somebody`, anew) }
    if (outcome === 'replaced') return { name, ...warn(`${path} is another program's now`, again) }
    return { name, ...pass(outcome === 'absent' ? 'not installed' : `installed as ${path}`) }
  })
  const left = leftIn(input, place.directory)
  const [first] = left
  const more = left.length > 1 ? ` (and ${left.length - 1} more)` : ''
  const detail = `${first} was left behind by a process that is gone${more}`
  return [
    ...hooks,
    {
      name: 'leftovers',
      ...(first === undefined ? pass('nothing of ours lies about') : warn(detail, `${typed.program} doctor --fix`)),
    },
    halfDone(engine, typed.program),
  ]
}

/** A commit whose index refresh a crash cut off. A living daemon finishes its own. */
function halfDone({ repository }: GitEngine, program: string): Check {
  const name = 'unfinished'
  if (lockOwner(repository.stateDir) !== null) return { name, ...pass('the daemon looks after its own commits') }
  const entry = existsSync(repository.stateDir) ? (stateAtRest.read(repository.stateDir)?.journal ?? null) : null
  if (entry === null) return { name, ...pass('no commit was cut off') }
  return { name, ...fail(`commit ${entry.commit.slice(0, 10)} was cut off by a crash`, `${program} doctor --fix`) }
}

function leftIn({ engine, temporaryDir, clock }: DoctorInput, hooksDirectory: string): readonly string[] {
  const { stateDir } = engine.repository
  return leftovers(stateDir, hooksDirectory, temporaryDir, lockOwner(stateDir) !== null, clock.nowMs())
}

async function mend(input: DoctorInput): Promise<readonly Fixed[]> {
  const { engine, clock } = input
  const { stateDir } = engine.repository
  const fixed: Fixed[] = []
  const place = await hookPlace(engine)
  for (const path of leftIn(input, place.directory)) {
    rmSync(path, { recursive: true, force: true })
    fixed.push({ name: 'leftovers', detail: `removed ${path}` })
  }
  for (const kind of hookKinds) {
    if (kind.look({ place, node: input.node, program: input.program }).outcome !== 'outdated') continue
    const { path } = kind.install({ place, node: input.node, program: input.program, anywhere: true })
    fixed.push({ name: `hook ${kind.name}`, detail: `brought ${path} up to date` })
  }
  if (!existsSync(stateDir)) return fixed
  if ((statSync(stateDir).mode & 0o077) !== 0) {
    chmodSync(stateDir, 0o700)
    fixed.push({ name: 'state', detail: `closed ${stateDir} to other users` })
  }
  return [...fixed, ...(await mendAtRest(input, clock.nowMs()))]
}

/** What a daemon would do at its next start; while one runs, or another doctor works, it is theirs. */
async function mendAtRest({ engine, openToWrite }: DoctorInput, nowMs: number): Promise<readonly Fixed[]> {
  const { stateDir } = engine.repository
  const fixed: Fixed[] = []
  const locks = await lookAtLocks(engine, nowMs)
  const claim = stateAtRest.claim(stateDir, nowMs)
  if (claim === null) return []
  try {
    if (locks.daemon !== null) {
      fixed.push({ name: 'lock', detail: `took away daemon.lock of a daemon that is gone (pid ${locks.daemon.pid})` })
    }
    for (const { name, why } of lookAtState(stateDir, '').damaged) {
      const aside = `${name}.damaged-${nowMs}`
      if (why !== spoiled) continue
      renameSync(name, aside)
      fixed.push({ name: 'state', detail: `moved ${name} aside as ${aside}; a new one is begun` })
    }
    const entry = stateAtRest.read(stateDir)?.journal ?? null
    if (entry !== null || locks.git.some(({ isOurs }) => isOurs)) fixed.push(await finish(openToWrite, stateDir, nowMs))
    return fixed
  } finally {
    claim.release()
  }
}

async function finish(openToWrite: () => Promise<GitEngine>, stateDir: string, nowMs: number): Promise<Fixed> {
  const engine = await openToWrite()
  try {
    const entry = stateAtRest.read(stateDir)?.journal ?? null
    const journal = {
      write: (next: typeof entry) => {
        if (existsSync(join(stateDir, 'state.json'))) stateAtRest.write(stateDir, nowMs, { journal: next })
      },
    }
    const { committed, failure } = await engine.recover(entry, journal)
    if (failure !== null) return { name: 'unfinished', detail: `not finished: ${failure.detail}; ${failure.hint}` }
    const what = committed === null ? 'took away the locks' : `finished commit ${committed.oid.slice(0, 10)}`
    return { name: 'unfinished', detail: `${what} that a crash left behind` }
  } finally {
    await engine.close()
  }
}
