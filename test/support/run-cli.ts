import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { main } from '../../src/cli/cli.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { gitEnvironment } from './temp-repo.ts'

export interface CliEnd {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface CliPlace {
  /** A directory of its own, removed after the test. */
  readonly root: string
  /** Where the user's configuration is looked for. */
  readonly configDir: string
  /** Runs the command line in this process, in `root` unless told. */
  run(
    args: readonly string[],
    changed?: { readonly cwd?: string; readonly env?: Record<string, string> },
  ): Promise<CliEnd>
}

/** The command line in a home of its own, without the environment of whoever runs the tests. */
export function cliPlace(): CliPlace {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-sync-cli-')))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const root = join(home, 'ws')
  const configDir = join(home, '.config', 'workspace-sync')
  mkdirSync(join(configDir, 'filters'), { recursive: true })
  mkdirSync(root)
  return {
    root,
    configDir,
    async run(args, { cwd = root, env = {} } = {}) {
      let out = ''
      let err = ''
      const code = await main(args, {
        env: { ...gitEnvironment, HOME: home, ...env },
        cwd,
        home,
        interactive: false,
        clock: systemClock,
        version: '1.2.3',
        out: (text) => void (out += text),
        err: (text) => void (err += text),
        isOutputClosed: () => false,
      })
      return { code, out, err }
    },
  }
}

/** The command line in this process, in a workspace whose daemon may run in it too. */
export async function cliIn(root: string, ...args: readonly string[]): Promise<CliEnd & { readonly said: string }> {
  let [out, err, said] = ['', '', '']
  const code = await main(['-C', root, ...args], {
    env: gitEnvironment,
    cwd: root,
    home: '/nonexistent',
    interactive: false,
    clock: systemClock,
    version: 'test',
    out: (text) => {
      out += text
      said += text
    },
    err: (text) => {
      err += text
      said += text
    },
    isOutputClosed: () => false,
  })
  return { code, out, err, said }
}

/** What git itself looks for in a work tree; enough for commands that only ask a daemon. */
export function pretendWorkTree(root: string): string {
  const stateDir = join(root, '.git', 'workspace-sync')
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  writeFileSync(join(root, '.git', 'HEAD'), 'ref: refs/heads/main\n')
  return stateDir
}
