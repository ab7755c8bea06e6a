import { join } from 'node:path'
import { errnoOf } from '../errors.ts'
import { readHead } from './heads.ts'
import type { Config } from './settings.ts'
import { userConfigDirectory } from './user-config.ts'
import type { Workbench } from './workbench.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What lies outside of the work tree and decides whether git may commit and whether a remote lets it in, as one text
 * that changes when any of it does: configuration, stored passwords, ssh keys, the hook that may refuse a push, and
 * the tracking branch, which a push or fetch by hand moves. A dozen stat calls; what a keyring holds cannot be seen.
 */
export async function accessFingerprint(bench: Workbench, environment: Environment): Promise<string> {
  const config = await bench.settings.read()
  const tracking = trackingFile(config, (await readHead(bench)).ref)
  const files = [
    ...config.files,
    ...userFiles(environment),
    join(config.hooksDirectory, 'pre-push'),
    ...(tracking === null ? [] : [join(bench.repository.commonDir, tracking)]),
  ]
  return files.map((file) => fingerprintOf(bench, file)).join(' ')
}

/** Where git's `store` helper, curl and ssh keep what lets somebody in. */
function userFiles(environment: Environment): readonly string[] {
  const home = environment['HOME'] ?? '/'
  const agent = environment['SSH_AUTH_SOCK']
  return [
    join(home, '.git-credentials'),
    join(userConfigDirectory(environment), 'credentials'),
    join(home, '.netrc'),
    // Not the directory itself: ssh keeps the sockets of its own connections there.
    ...['config', 'known_hosts', 'id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name)),
    ...(agent === undefined ? [] : [agent]),
  ]
}

function trackingFile(config: Config, ref: string | null): string | null {
  const branch = ref?.replace(/^refs\/heads\//, '') ?? ''
  const remote = config.one(`branch.${branch}.remote`)
  const merge = config.one(`branch.${branch}.merge`)
  return remote === null || merge === null ? null : `refs/remotes/${remote}/${merge.replace(/^refs\/heads\//, '')}`
}

function fingerprintOf({ disk }: Workbench, file: string): string {
  try {
    return disk.identify(file)?.fingerprint ?? '-'
  } catch (error) {
    // Not for us to see: then it does not let us in either.
    return errnoOf(error) ?? '-'
  }
}
