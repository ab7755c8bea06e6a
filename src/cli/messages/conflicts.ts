import { counted, printable } from '../printable.ts'

interface Told {
  readonly path: string
  readonly kind: 'kept' | 'diverged'
  readonly reason: string
  readonly at: string
  readonly branch: string | null
  readonly clone: string | null
  readonly blob: string | null
}

/** Conflicts listed; more are counted. */
const shownMax = 50
/** Lines of one side that are shown; the rest says `git cat-file`. */
const linesMax = 200

/** @param local an instant of `at` as this machine's clock has it */
export function conflictsText(open: readonly Told[], local: (at: string) => string): string {
  if (open.length === 0) return 'no conflicts'
  const shown = open.slice(0, shownMax).map(({ path, kind, reason, at, branch, blob }) => {
    const on = branch === null ? '' : `${branch}: `
    const what = on + (kind === 'kept' ? `${reason} (${blob?.slice(0, 10)})` : reason)
    return `  ${printable(path)}\n    ${local(at)}  ${printable(what)}`
  })
  const more = open.length - shown.length
  return [
    `${counted(open.length, 'conflict')}; sync goes on beside them:`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    'look: workspace-sync conflicts show <path>; settle: workspace-sync conflicts resolve <path> [--ours | --theirs]',
  ].join('\n')
}

export function shownText(
  path: string,
  branch: string | null,
  kept: readonly (Told & { readonly text: string | null })[],
): string {
  const sides = kept.flatMap((one) => [
    `--- ${one.kind === 'kept' ? `kept (${of(one)})` : 'in the work tree'}`,
    textOrHint(one.text, one.blob),
  ])
  return [`=== ${printable(path)}`, '--- on the branch', textOrHint(branch, null), ...sides].join('\n')
}

function of({ branch, clone, at }: Told): string {
  return [...(branch === null ? [] : [printable(branch)]), clone, at].join(', ')
}

function textOrHint(text: string | null, blob: string | null): string {
  if (text === null) return blob === null ? '  (nothing, or no text)' : `  (no text: git cat-file blob ${blob})`
  const lines = text.replace(/\n$/, '').split('\n')
  const rest = lines.length - linesMax
  return [
    ...lines.slice(0, linesMax).map((line) => `  ${printable(line)}`),
    ...(rest > 0 ? [`  and ${rest} more lines`] : []),
  ].join('\n')
}

export function nothingOpen(path: string): readonly [string, string] {
  return [`${printable(path)} is in no conflict`, 'see workspace-sync conflicts list']
}

export function resolvedText(
  resolved: readonly { readonly path: string; readonly replaced: string | null }[],
  side: 'ours' | 'theirs' | 'file',
  isRunning: boolean,
): string {
  const counts = {
    ours: 'what was kept, or lies here, counts',
    theirs: 'what the remote had counts',
    file: 'the file counts as it is now',
  }[side]
  return [
    `settled (${counted(resolved.length, 'conflict')}): ${counts}`,
    ...resolved.map(({ path, replaced }) =>
      replaced === null
        ? `  ${printable(path)}`
        : `  ${printable(path)} (the other side, for a while: git cat-file blob ${replaced})`,
    ),
    ...(isRunning ? [] : ['no daemon is running: what is new leaves after the next workspace-sync start']),
  ].join('\n')
}
