/** `Writing objects: 100% (3/3), 250 bytes, done.` and its like, here and from the remote: not what went wrong. */
const counted = String.raw`[A-Z][a-z ]+: +(?:\d+% \(\d+/\d+\)|\d+(?:, done\.|$))`
const progress = new RegExp(`^(?:remote: )?(?:${counted}|Total \\d+ \\(delta|Delta compression using)[^\\n]*\\n?`, 'gm')

export function withoutProgress(stderr: string): string {
  return stderr.replace(progress, '')
}
