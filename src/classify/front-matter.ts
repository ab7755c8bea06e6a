/** Where the head of a note begins and ends, in bytes. */
export interface FrontMatter {
  readonly kind: 'yaml' | 'toml'
  /** What stands between the two fences. */
  readonly from: number
  readonly to: number
}

/** A longer head is not looked for. */
const headBytesMax = 64 * 1024

/**
 * The head of a Markdown file: between two lines `---` (YAML) or `+++` (TOML), the first of which is the first line.
 * @returns null when there is none.
 */
export function frontMatterOf(bytes: Uint8Array): FrontMatter | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytesMax)).toString('latin1')
  const open = /^(?:\xef\xbb\xbf)?(---|\+\+\+)[ \t]*\r?\n/.exec(head)
  if (open === null) return null
  const isYaml = open[1] === '---'
  const fence = isYaml ? /^---[ \t]*\r?$/gm : /^\+\+\+[ \t]*\r?$/gm
  fence.lastIndex = open[0].length
  const close = fence.exec(head)
  return close === null ? null : { kind: isYaml ? 'yaml' : 'toml', from: open[0].length, to: close.index }
}
