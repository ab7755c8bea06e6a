import { join } from 'node:path'

/** Where git looks for what a user sets for all repositories. An empty XDG_CONFIG_HOME is none at all to it. */
export function userConfigDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment['XDG_CONFIG_HOME'] ?? ''
  return join(named === '' ? join(environment['HOME'] ?? '/', '.config') : named, 'git')
}
