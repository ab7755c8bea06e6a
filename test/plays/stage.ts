/** Where a play takes place: a clone, its remote behind a server of its own, nothing of this machine's settings. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from '../machines/clone.ts'
import { serveGit } from '../machines/ways.ts'
import { gitEnvironment } from '../support/temp-repo.ts'

export interface Stage {
  readonly folder: string
  readonly root: string
  readonly stateDir: string
  readonly remote: string
  readonly address: string
  readonly environment: Readonly<Record<string, string>>
  /** @param folder keep: for somebody to look at */
  close(folder?: 'remove' | 'keep'): void
}

/** With these files on branch `main`, here and on the remote. */
export async function makeStage(name: string, files: Readonly<Record<string, string>>): Promise<Stage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `sync-${name}-`)))
  const [root, remote, home] = [join(folder, 'work'), join(folder, 'remote.git'), join(folder, 'home')]
  mkdirSync(home)
  git(folder, 'init', '-q', '--bare', '-b', 'main', remote)
  // What arrives there is not looked through in the middle of a play.
  git(remote, 'config', 'receive.autogc', 'false')
  // The remote is a machine of its own: whoever is killed here leaves it alone.
  const server = await serveGit(folder)
  const address = `git://127.0.0.1:${server.port}/remote.git`
  git(folder, 'init', '-q', '-b', 'main', root)
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text)
  git(root, 'add', '-A')
  git(root, 'commit', '-q', '-m', 'first')
  git(root, 'remote', 'add', 'origin', address)
  git(root, 'push', '-q', '-u', 'origin', 'main')
  return {
    folder,
    root,
    stateDir: join(root, '.git', 'workspace-sync'),
    remote,
    address,
    environment: { ...gitEnvironment, HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home },
    close(what = 'remove') {
      server.stop()
      if (what === 'remove') rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}
