import { pathText } from '../types.ts'
import type { Oid, PathBytes, PlanEntry } from '../types.ts'

/** Who commits and for whom; goes into trailers. */
export interface Signature {
  /** An opaque id of this clone, or the host's name where that is wanted. */
  readonly host: string
  /** The writer group's name; null: unknown. */
  readonly writer: string | null
  /** With `{summary}`, `{count}` and `{directory}`. */
  readonly template: string
  /** Asks the host not to build it. */
  readonly skipCi: boolean
  /** The commit that this one takes back. */
  readonly undoes?: Oid
}

/** Of a commit that has both sides. */
export function mergeMessage({
  id,
  host,
  remote,
  branch,
}: {
  readonly id: string
  readonly host: string
  readonly remote: string
  readonly branch: string
}): string {
  const trailers = [`Workspace-Sync-Id: ${oneLine(id)}`, `Workspace-Sync-Host: ${oneLine(host)}`]
  return `${cut(oneLine(`merge ${branch} of ${remote}`), subjectMaxLength)}\n\n${trailers.join('\n')}\n`
}

const subjectMaxLength = 72
/** More paths than this are counted, not named. */
const namedPathsMax = 50
const pathMaxLength = 200

/** Names files, never what is in them. */
export function commitMessage(entries: readonly PlanEntry[], signature: Signature & { readonly id: string }): string {
  const trailers = [
    `Workspace-Sync-Id: ${oneLine(signature.id)}`,
    `Workspace-Sync-Host: ${oneLine(signature.host)}`,
    ...(signature.writer === null ? [] : [`Workspace-Sync-Writer: ${oneLine(signature.writer)}`]),
    ...(signature.undoes === undefined ? [] : [`Workspace-Sync-Undoes: ${signature.undoes}`]),
  ]
  const body = entries.length === 1 ? [] : [pathLines(entries).join('\n')]
  const marks = signature.skipCi ? ['[skip ci]'] : []
  return `${[subjectOf(entries, signature.template), ...body, ...marks, trailers.join('\n')].join('\n\n')}\n`
}

function subjectOf(entries: readonly PlanEntry[], template: string): string {
  const directory = commonDirectory(entries.map(({ path }) => path))
  const values: Readonly<Record<string, string>> = {
    summary: summaryOf(entries, directory),
    count: String(entries.length),
    directory: directory === '' ? '.' : shown(directory as PathBytes),
  }
  const text = template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  return cut(oneLine(text), subjectMaxLength)
}

function summaryOf(entries: readonly PlanEntry[], directory: string): string {
  const [first] = entries
  if (entries.length === 1 && first !== undefined) {
    return `${first.mode === null ? 'delete' : 'edit'} ${shown(first.path)}`
  }
  const place = directory === '' ? '' : ` in ${shown(directory as PathBytes)}`
  return `${entries.length} files${place}`
}

function pathLines(entries: readonly PlanEntry[]): readonly string[] {
  const lines = entries.slice(0, namedPathsMax).map(({ path, mode }) => `${mode === null ? '-' : '*'} ${shown(path)}`)
  const rest = entries.length - lines.length
  return rest > 0 ? [...lines, `and ${rest} more`] : lines
}

function commonDirectory(paths: readonly PathBytes[]): string {
  const [first = '', ...others] = paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))
  let common = first
  for (const directory of others) {
    while (common !== '' && directory !== common && !directory.startsWith(`${common}/`)) {
      common = common.slice(0, Math.max(0, common.lastIndexOf('/')))
    }
  }
  return common
}

/** As it is when it is plain, else as a JSON string: no name can end a line or look like a trailer. */
function shown(path: PathBytes): string {
  const text = pathText(path)
  const isPlain = !/[\p{C}"\\\uFFFD\u2028\u2029]/u.test(text) && text === text.trim()
  return cut(isPlain ? text : JSON.stringify(text), pathMaxLength)
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

function cut(text: string, lengthMax: number): string {
  const units = Array.from(text)
  return units.length <= lengthMax ? text : `${units.slice(0, lengthMax - 1).join('')}…`
}
