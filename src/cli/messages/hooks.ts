import type { Installed, Removed } from '../../hooks/hooks.ts'
import { printable } from '../printable.ts'

export const unknownHook = (name: string, known: readonly string[]) => ({
  message: `there is no hook "${printable(name)}"`,
  hint: `name one of: ${known.join(', ')}`,
})

export function installedText(hook: string, { outcome, path, chained }: Installed): string {
  const first = chained === null ? '' : `; the hook that was there runs first (${printable(chained)})`
  switch (outcome) {
    case 'installed':
      return `installed ${hook} as ${printable(path)}${first}`
    case 'updated':
      return `brought ${printable(path)} up to date${first}`
    case 'unchanged':
      return `${printable(path)} is installed already${first}`
    case 'edited':
      return (
        `${printable(path)} is installed already and was changed by somebody since: it is left as it is; ` +
        `to begin anew: workspace-sync hooks remove ${hook} (keeps the changes), then install`
      )
  }
}

export function removedText(hook: string, removed: readonly Removed[]): string {
  const lines = removed.flatMap(({ outcome, path, kept }): readonly string[] => {
    const files = kept.map(printable).join(', ')
    if (outcome === 'absent') return []
    if (outcome === 'replaced') {
      return [`${printable(path)} is another program's now; the hook that was there before is kept as ${files}`]
    }
    return [`removed ${printable(path)}${files === '' ? '' : `; what somebody changed in it is kept as ${files}`}`]
  })
  return lines.length === 0 ? `${hook} is not installed` : lines.join('\n')
}

export const goesUnrefused = (refused: readonly string[]): string =>
  [
    'nothing refuses any more what it refused, and the daemon pushes it at its next try:',
    ...refused.map((one) => `  ${printable(one)}`),
    'take it out first, or keep it here meanwhile: workspace-sync pause',
  ].join('\n')
