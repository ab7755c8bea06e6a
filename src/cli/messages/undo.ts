import { counted, printable } from '../printable.ts'

interface Undone {
  readonly commit: string | null
  readonly undoes: string
  readonly subject: string
  readonly paths: readonly { readonly path: string; readonly change: 'restored' | 'removed' }[]
  readonly kept: readonly string[]
}

/** Paths listed; more are counted. */
const pathsShown = 20

export function undoText({ commit, undoes, subject, paths, kept }: Undone, isRunning: boolean): string {
  const what = `${undoes.slice(0, 10)} (${printable(subject)})`
  const pushed = isRunning
    ? 'it is pushed like any other commit; workspace-sync undo once more takes the undo back'
    : 'no daemon is running: it is pushed after the next workspace-sync start'
  const shown = paths.slice(0, pathsShown)
  const rest = paths.length - shown.length
  return [
    commit === null ? `would undo ${what}:` : `undid ${what} with commit ${commit.slice(0, 10)}:`,
    ...shown.map(({ path, change }) => `  ${change.padEnd(8)} ${printable(path)}`),
    ...(rest > 0 ? [`  and ${counted(rest, 'path')} more`] : []),
    ...kept.map((path) => `  left as it is, for it just changed: ${printable(path)}`),
    ...(commit === null ? [] : [pushed]),
  ].join('\n')
}
