import { fileURLToPath } from 'node:url'
import { startChild, type Child } from './child.ts'
import type { Workspace } from './workspace.ts'

export type ProgramName =
  'heartbeat.js' | 'log-appender.js' | 'commit-reactor.js' | 'atomic-writer.js' | 'ever-new.js' | 'jq-pipeline.sh'

/** Runs one of the fixture programs beside the daemon, until the test is over. */
export function startProgram(workspace: Workspace, name: ProgramName, args: readonly (string | number)[]): Child {
  const path = fileURLToPath(new URL(`../../fixtures/programs/${name}`, import.meta.url))
  const interpreter = name.endsWith('.sh') ? 'sh' : process.execPath
  const command = [interpreter, path, ...args.map(String)]
  return startChild(workspace.test, command, { cwd: workspace.root, env: workspace.env })
}
