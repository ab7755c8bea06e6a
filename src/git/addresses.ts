import type { Config } from './settings.ts'

/** As git takes them: where a password is in one, it is here. */
export interface Addresses {
  /** Where commits come from. */
  readonly asked: string
  /** Where they are pushed to, each in its turn. */
  readonly pushed: readonly string[]
  /** The setting by which that is another place; null: none. */
  readonly by: 'pushurl' | 'pushInsteadOf' | null
}

type Known = Pick<Config, 'all' | 'matching'>

/**
 * What `git remote get-url [--push] --all` says, and the same of a remote that it does not speak of: one of the user's
 * own configuration, or one that has no name but its address.
 */
export function addressesOf(config: Known, remote: string): Addresses {
  const named = config.all(`remote.${remote}.url`)
  const urls = named.length === 0 ? [remote] : named
  const rewritten = urls.map((url) => rewrittenBy(config, /^url\.(.*)\.insteadof$/s, url) ?? url)
  const asked = rewritten[0] ?? remote
  const own = config.all(`remote.${remote}.pushurl`)
  if (own.length > 0) {
    const pushed = own.map((url) => rewrittenBy(config, /^url\.(.*)\.insteadof$/s, url) ?? url)
    return { asked, pushed, by: 'pushurl' }
  }
  const pushed = urls.flatMap((url) => rewrittenBy(config, /^url\.(.*)\.pushinsteadof$/s, url) ?? [])
  if (pushed.length > 0) return { asked, pushed, by: 'pushInsteadOf' }
  return { asked, pushed: rewritten, by: null }
}

/** The longest beginning that is to be replaced counts. */
function rewrittenBy(config: Known, setting: RegExp, url: string): string | null {
  let longest: { readonly base: string; readonly begins: string } | null = null
  for (const { key, value } of config.matching(setting)) {
    if (!url.startsWith(value) || (longest !== null && value.length <= longest.begins.length)) continue
    longest = { base: setting.exec(key)?.[1] ?? '', begins: value }
  }
  return longest === null ? null : longest.base + url.slice(longest.begins.length)
}
