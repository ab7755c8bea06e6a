import { join } from 'node:path'
import type { Disk } from '../disk.ts'
import { ignoreFilesNamed } from '../ignore-files.ts'
import { programsNamed } from '../programs-in-tree.ts'
import type { Config, Settings } from '../settings.ts'
import { configFilesOf, readConfigFiles } from './config-files.ts'

/** The configuration from its files; the probe saw to it that nothing is included from elsewhere. */
export function createFileSettings(
  disk: Disk,
  { root, gitDir }: { readonly root: string; readonly gitDir: string },
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const files = configFilesOf(gitDir, environment)
  const fingerprintOf = (): string => files.map((file) => disk.identify(file)?.fingerprint ?? '-').join(' ')
  let cached: { readonly config: Config; readonly fingerprint: string } | null = null
  return {
    forget: () => {
      cached = null
    },
    read: () => {
      const fingerprint = fingerprintOf()
      if (cached?.fingerprint !== fingerprint) {
        const { entries } = readConfigFiles(gitDir, environment)
        const values = new Map(entries.map(({ key, value }) => [key, value]))
        const one = (key: string): string | null => values.get(key) ?? null
        const all = (key: string) => entries.filter((entry) => entry.key === key).map(({ value }) => value)
        const isTrue = (key: string): boolean => /^(?:true|yes|on|[1-9]\d*)$/i.test(one(key) ?? '')
        const matching = (wanted: RegExp) => entries.filter(({ key }) => wanted.test(key))
        // Nothing runs here; what a git beside this engine would run is guarded all the same.
        const named = programsNamed(
          entries.map((entry) => ({ ...entry, origin: '' })),
          root,
          environment['HOME'] ?? '/',
        )
        const hooksDirectory = join(gitDir, 'hooks')
        const programs = { files: [...files, ...named.files], hooks: [hooksDirectory, ...named.hooks] }
        const ignoreFiles = ignoreFilesNamed(one('core.excludesfile'), { root, commonDir: gitDir }, environment)
        const config = { one, all, isTrue, matching, files, hooksDirectory, programs, ignoreFiles }
        cached = { config, fingerprint }
      }
      return Promise.resolve(cached.config)
    },
  }
}
