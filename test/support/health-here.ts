import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { main } from '../../src/cli/cli.ts'
import { systemClock } from '../../src/platform/platform.ts'
import type { Check } from '../../src/health/health.ts'
import { program, type Workspace } from './workspace.ts'

export interface HealthHere {
  readonly code: number
  readonly ok: boolean
  readonly checks: readonly Check[]
  check(name: string): Check
}

/** `health --json` in this process, which takes a tenth of the time of a process of its own. */
export async function healthHere(
  workspace: Workspace,
  args: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
  cwd = workspace.root,
): Promise<HealthHere> {
  let out = ''
  let err = ''
  const code = await main(['health', '--json', ...args], {
    env: { ...workspace.env, ...env },
    cwd,
    home: workspace.env['HOME'] ?? '',
    interactive: false,
    clock: systemClock,
    version: versionHere,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    isOutputClosed: () => false,
  })
  if (out === '') throw new Error(`health ended with ${code}: ${err}`)
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: readonly Check[] }
  return {
    code,
    ok,
    checks,
    check(name) {
      const found = checks.find((one) => one.name === name)
      if (found === undefined) throw new Error(`no check ${name} among ${checks.map((one) => one.name).join(', ')}`)
      return found
    },
  }
}

const versionHere = (
  JSON.parse(readFileSync(join(dirname(program), '..', 'package.json'), 'utf8')) as { version: string }
).version

/** Types a command as a user would, in the work tree, with the program on PATH. */
export function type(
  workspace: Workspace,
  command: string,
  env: Readonly<Record<string, string | undefined>> = {},
): string {
  const bin = join(dirname(workspace.root), 'bin')
  mkdirSync(bin, { recursive: true })
  try {
    symlinkSync(program, join(bin, 'workspace-sync'))
  } catch {
    // It is there from the last command.
  }
  const path = `${bin}:${dirname(process.execPath)}:${workspace.env['PATH'] ?? ''}`
  return execFileSync('sh', ['-c', command], {
    cwd: workspace.root,
    env: { ...workspace.env, ...env, PATH: path },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
