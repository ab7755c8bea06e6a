import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../../errors.ts'
import { userConfigDirectory } from '../user-config.ts'
import { parseConfig } from './config-text.ts'
import type { ConfigEntry } from './config-text.ts'

/** Where the system's own configuration lies depends on who built git. */
const systemFiles = ['/etc/gitconfig', '/usr/local/etc/gitconfig', '/opt/homebrew/etc/gitconfig']

/** The files git reads, the first first; null: without the repository's own. */
export function configFilesOf(
  gitDir: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const home = environment['HOME'] ?? '/'
  const noSystem = /^(?:true|yes|on|[1-9]\d*)$/i.test(environment['GIT_CONFIG_NOSYSTEM'] ?? '')
  const system = environment['GIT_CONFIG_SYSTEM']
  const global = environment['GIT_CONFIG_GLOBAL']
  const own = [join(userConfigDirectory(environment), 'config'), join(home, '.gitconfig')]
  return [
    ...(noSystem ? [] : system === undefined ? systemFiles : [system]),
    ...(global === undefined ? own : [global]),
    ...(gitDir === null ? [] : [join(gitDir, 'config')]),
  ]
}

/** All of it in the order in which a later value counts more. Includes are not followed: the probe refuses them. */
export function readConfigFiles(
  gitDir: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly entries: readonly ConfigEntry[]; readonly unreadable: readonly string[] } {
  const entries: ConfigEntry[] = []
  const unreadable: string[] = []
  for (const file of configFilesOf(gitDir, environment)) {
    const text = textAt(file)
    const found = text === null ? [] : text === 'unreadable' ? null : parseConfig(text.text)
    if (found === null) unreadable.push(file)
    else entries.push(...found)
  }
  return { entries, unreadable }
}

function textAt(file: string): { readonly text: string } | 'unreadable' | null {
  try {
    return { text: readFileSync(file, 'utf8') }
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    if (code === null) throw error
    return 'unreadable'
  }
}
