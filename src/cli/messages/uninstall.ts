import { counted, printable } from '../printable.ts'

interface Waiting {
  readonly paths: number
  readonly held: number
  readonly commits: number
}

interface Uninstalled {
  readonly hooks: readonly string[]
  readonly refs: readonly string[]
  /** null: there was none. */
  readonly state: string | null
  readonly sharedWith: readonly string[]
  readonly kept: readonly string[]
  readonly waiting: Waiting
}

export const notOnRemote = (waiting: Waiting) => ({
  message: `not everything is on the remote: ${waitingText(waiting)}`,
  hint: 'bring it there with workspace-sync sync, or leave it as it is: workspace-sync uninstall --force',
})

export function uninstalledText(answer: Uninstalled): string {
  return text(answer, 'removed', 'your files, commits and settings are as they were')
}

export function wouldUninstallText(answer: Uninstalled): string {
  const { paths, held, commits } = answer.waiting
  const waiting = paths + held + commits === 0 ? '' : `; not on the remote: ${waitingText(answer.waiting)}`
  return text(answer, 'would remove', `nothing was removed${waiting}`)
}

function text({ hooks, refs, state, sharedWith, kept }: Uninstalled, word: string, end: string): string {
  const found = [
    ...hooks.map((path) => `${word} the hook ${path}`),
    ...refs.map((ref) => `${word} the ref ${ref}`),
    ...(state === null ? [] : [`${word} ${state}`]),
    ...sharedWith.map((path) => `hooks and refs stay: another work tree needs them (${path})`),
    ...kept.map((path) => `kept ${path}: somebody changed it`),
  ]
  if (found.length === 0) return 'nothing of workspace-sync is here'
  return [...found, end].map(printable).join('\n')
}

function waitingText({ paths, held, commits }: Waiting): string {
  return [
    ...(paths > 0 ? [`${counted(paths, 'path')} not committed`] : []),
    ...(held > 0 ? [`${counted(held, 'path')} held`] : []),
    ...(commits > 0 ? [`${counted(commits, 'commit')} not pushed`] : []),
  ].join(', ')
}
