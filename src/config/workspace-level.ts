import { shellWord } from '../shell.ts'
import type { RuleFile } from '../types.ts'
import { parseFile, type Given, type Mistake } from './parse.ts'
import type { Key } from './schema.ts'
import { workspaceConfig } from './workspace-files.ts'
import { workspaceWord } from './workspace-scope.ts'

/** A file of the workspace's own, with what is known of how it came there. */
export interface WorkspaceText {
  /** From the root of the work tree. */
  readonly path: string
  /** null: it was in force and has been taken away by somebody else. */
  readonly text: string | null
  /** Why it waits for somebody's acknowledgement; null: in force. */
  readonly waits: string | null
  /** What was in force before, and stays so while the new text waits; null: nothing, or it is not to be had. */
  readonly before: string | null
}

export interface WorkspaceLevel {
  readonly given: readonly Given[]
  readonly mistakes: readonly Mistake[]
  readonly warnings: readonly string[]
  /** Settings that wait for an acknowledgement. */
  readonly waiting: readonly Given[]
}

const nothing: WorkspaceLevel = { given: [], mistakes: [], warnings: [], waiting: [] }

/** @param below what the levels below say, by key. */
export function workspaceLevel(texts: readonly WorkspaceText[], below: ReadonlyMap<Key, Given>): WorkspaceLevel {
  const file = texts.find(({ path }) => path === workspaceConfig)
  if (file === undefined) return nothing
  if (file.waits === null) return file.text === null ? nothing : levelOf(file.text, below, true)
  const before = file.before === null ? nothing : levelOf(file.before, below, true)
  const now = new Map([...below, ...before.given.map((given) => [given.key, given] as const)])
  const after = file.text === null ? nothing : levelOf(file.text, now, false)
  const doubts = after.mistakes.map(({ line, column, problem, remedy }) => {
    return `${workspaceConfig}:${line}:${column} ${problem} — ${remedy}`
  })
  // What nobody acknowledged cannot stop a daemon either.
  return { ...after, given: [...before.given, ...after.given], mistakes: [], warnings: [...after.warnings, ...doubts] }
}

function levelOf(text: string, below: ReadonlyMap<Key, Given>, isAcknowledged: boolean): WorkspaceLevel {
  const parsed = parseFile(text, workspaceConfig)
  const mistakes = [...parsed.mistakes]
  const given: Given[] = []
  const waiting: Given[] = []
  const warnings: string[] = []
  for (const one of parsed.given) {
    const { key, place, raw } = one
    const word = workspaceWord(key, one.value, below.get(key)?.value, isAcknowledged)
    if (word.kind === 'taken') given.push(one)
    if (word.kind === 'waits') waiting.push(one)
    if (word.kind === 'looser') {
      const at = `${place.source}:${place.line}:${place.column}`
      warnings.push(`${at} ${key}: ${JSON.stringify(raw)} is looser than ${inForce(below.get(key))}, which stays`)
    }
    if (word.kind === 'not-allowed') {
      const problem = `${key}: a workspace may not set it, for ${word.why}`
      mistakes.push({ ...place, problem, remedy: 'take it out, and set it in your own configuration' })
    }
  }
  return { given, mistakes, warnings, waiting }
}

function inForce(given: Given | undefined): string {
  return `${JSON.stringify(given?.raw)} (${given?.place.source})`
}

/** The workspace's rule files; what nobody acknowledged stands beside what was in force before it. */
export function workspaceRules(texts: readonly WorkspaceText[]): readonly RuleFile[] {
  return texts
    .filter(({ path }) => path !== workspaceConfig)
    .flatMap(({ path, text, waits, before }): readonly RuleFile[] => {
      const now = text === null ? [] : [{ level: 'workspace', source: path, text } as const]
      if (waits === null) return now
      const waiting = now.map((file) => ({ ...file, standing: 'waits' }) as const)
      const source = `${path} (before)`
      return before === null
        ? waiting
        : [...waiting, { level: 'workspace', source, text: before, standing: 'before' } as const]
    })
}

/** One line: why it waits, what holds meanwhile, what to do. */
export function waitingText({ path, waits, before, text }: WorkspaceText): string {
  const tight = path === workspaceConfig ? 'only what it tightens applies' : 'only its BLOCK rules apply'
  const beside = before === null ? tight : `${tight}, beside what it said before`
  const meanwhile = text === null ? 'what it said before its deletion still applies' : beside
  return `${waits}: ${meanwhile} until you have looked at it and say workspace-sync ack ${shellWord(path)}`
}
