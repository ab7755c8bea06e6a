import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { startHere, type DaemonHere } from './daemon-here.ts'
import { addRemote, makeRepo, openRepoAt, type TempRepo } from './temp-repo.ts'

export interface Machine extends DaemonHere {
  readonly repo: TempRepo
}

export interface Machines {
  readonly here: TempRepo
  readonly there: TempRepo
  readonly remote: TempRepo
}

/** Two clones of one remote on branch `main`, with these files in their common past. */
export function makeMachines(files: Readonly<Record<string, string>>): Machines {
  const here = makeRepo(files)
  onTestFinished(() => here.dispose())
  const remote = addRemote(here)
  const there = openRepoAt(join(here.root, '..', 'there'))
  here.git('clone', '-q', join(here.root, '..', 'remote.git'), there.root)
  return { here, there, remote }
}

/** `dev` is on the remote too, with what `main` has now. */
export function branchDev({ here }: Machines): void {
  here.git('branch', 'dev')
  here.git('push', '-q', '-u', 'origin', 'dev')
}

/** What the daemon of a clone says it is at, or that there is none. */
export async function stateOf(repo: TempRepo): Promise<unknown> {
  const status = await ask(join(repo.root, '.git', 'workspace-sync'), 'status', {})
  return status === 'no-daemon' ? status : status.state
}

/** Somebody else's commit on the remote, made by hand in the other clone. */
export function pushFrom(repo: TempRepo, files: Readonly<Record<string, string | Buffer | null>>): void {
  repo.git('pull', '-q', '--no-edit')
  for (const [path, text] of Object.entries(files)) {
    if (text === null) repo.git('rm', '-q', path)
    else repo.write(path, text)
  }
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'made elsewhere')
  repo.git('push', '-q')
}

export async function startMachine(repo: TempRepo, sets: readonly string[] = []): Promise<Machine> {
  const started = await startHere(repo, { sets: ['pull.interval=200ms', ...sets] })
  onTestFinished(started.stop)
  return { ...started, repo }
}
