/** Every sentence of the command line that answers a command; what each command is for stands in `help.ts`. */
import { counted, printable, span } from './printable.ts'

/** What is wrong, and what to do. */
export const problemText = (message: string, hint: string): string => `error: ${lines(message)}\n${lines(hint)}\n`

export const warningText = (text: string): string => `warning: ${text}\n`

export const silentDaemon = (pid: number): string =>
  `a daemon (pid ${pid}) holds the lock, and neither status.json nor control.sock tells how it goes: ` +
  'it is starting, ending or hangs; if this stays, workspace-sync restart'

/** More than one line only where there is more than one mistake; a name has none by then. */
function lines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

export const internalHint = 'this is a bug of workspace-sync: please report it with what -v shows'

export const systemHint =
  'the system refused: check permissions, free space and that the disk is writable, then try again'

/** What commander says of a command line, which holds what was typed: a shell may have put names of files there. */
export function usageText(said: string, commands: readonly string[]): string {
  const [problem = '', suggestion = 'see workspace-sync --help'] = said.trimEnd().split(/\n(?=\(Did you mean [^\n]*$)/)
  return `${printable(problem)}\n${printable(begunAs(problem, commands) ?? suggestion)}\n`
}

/** Whoever types the beginning of a command means that one, and no other that is as long by chance. */
function begunAs(problem: string, commands: readonly string[]): string | null {
  const typed = /^error: unknown command '([a-z-]+)'$/.exec(problem)?.[1]
  const begun = typed === undefined ? [] : commands.filter((name) => name.startsWith(typed))
  if (begun.length === 0) return null
  return `(Did you mean ${begun.length === 1 ? '' : 'one of '}${begun.join(', ')}?)`
}

export const noDaemon = (workspace: string) => ({
  message: `no daemon is running for ${printable(workspace)}`,
  hint: 'start it with workspace-sync start',
})

export const noDirectory = (directory: string) => ({
  message: `${printable(directory)} is not a directory`,
  hint: 'name an existing one with -C',
})

export const noWorkTree = (directory: string) => ({
  message: `${printable(directory)} is not in a git work tree`,
  hint: 'go to one, name one with -C, or make one with git init',
})

export const outsideWorkspace = (path: string, workspace: string) => ({
  message: `${printable(path)} is outside of ${printable(workspace)}`,
  hint: 'name paths of the workspace, or another workspace with -C',
})

/** The system hands arguments over as text: a byte that is none is lost on the way. */
export const notInArgument = (argument: string) => ({
  message: `${printable(argument)}: a name that is not UTF-8 cannot be told in an argument`,
  hint: String.raw`write it as git prints it, such as '"a\377"'; test-filter takes it with --stdin, too`,
})

export const notReadable = (path: string, code: string) => ({
  message: `${printable(path)} cannot be read (${code})`,
  hint: 'name an existing rule file',
})

export const notUsable = (path: string, problem: string, remedy: string) => ({
  message: `${printable(path)}: ${problem}`,
  hint: remedy,
})

interface Standing {
  readonly state: string
  readonly reason: string | null
}

export const started = (workspace: string, pid: number, standing: Standing): string =>
  `watching ${printable(workspace)} (pid ${pid}); workspace-sync status tells how it goes${standingLine(standing)}`

export const alreadyRunning = (pid: number, standing: Standing): string =>
  `already running (pid ${pid})${standingLine(standing)}`

/** What keeps it from doing its work just now, with what settles it; nothing while it goes on. */
export function standingLine({ state, reason }: Standing): string {
  // The name of a pause is for programs; what follows it says it all. A commit may just be finding out that it may not.
  const [, name, pause] = /^([a-z-]+): (.*)$/s.exec(reason ?? '') ?? []
  const isStuck = ['paused', 'degraded', 'offline', 'conflict'].includes(state)
  if (reason === null || (!isStuck && name === undefined)) return ''
  const text = printable(pause ?? reason)
  return text.startsWith('paused') ? `\n${text}` : `\n${isStuck ? state : 'paused'}: ${text}`
}

export const noWorkspaceNamed = {
  message: 'no workspace was named',
  hint: 'name one: npm start -- -C <workspace>',
}

export const notReady = (waitedMs: number) => ({
  message: `the daemon is not ready after ${span(waitedMs)}`,
  hint: 'look at it with workspace-sync start --foreground -v',
})

export const endedEarly = (why: string) => ({
  message: `the daemon ended before it was ready: ${why}`,
  hint: 'look at it with workspace-sync start --foreground -v',
})

export const stopped = (pid: number): string => `stopped the daemon (pid ${pid})`

export const stillRunning = (pid: number, waitedMs: number) => ({
  message: `the daemon (pid ${pid}) has not ended within ${span(waitedMs)}`,
  hint: `look at daemon.log; kill -9 ${pid} ends it and loses nothing`,
})

export const synced = 'on the remote'

export const committedOnly = 'committed, not pushed'

export const syncProblem = (problem: string, remedy: string): string =>
  problemText(`not on the remote: ${printable(problem)}`, printable(remedy))

export const whatItWaitsFor = 'workspace-sync status says what it waits for'

/** Held paths named in an answer; more are counted. */
const heldShownMax = 20

export const heldPaths = (held: readonly { readonly path: string; readonly reason: string }[]): string =>
  [
    `held: ${counted(held.length, 'path')}`,
    ...held.slice(0, heldShownMax).map(({ path, reason }) => `  ${printable(path)}  ${printable(reason)}`),
    ...(held.length > heldShownMax ? [`  and ${held.length - heldShownMax} more`] : []),
    '',
  ].join('\n')

export const released = (patterns: readonly string[]): string =>
  `released:\n${patterns.map((pattern) => `  ${printable(pattern)}`).join('\n')}`

export const notQuarantined = (path: string): string => `nothing slow or in quarantine covers ${printable(path)}`

export const rulesValid = (rules: number, files: number): string =>
  `${counted(rules, 'rule')} in ${counted(files, 'file')}, no mistake`

export const rulesMistaken = (mistakes: number) => ({
  message: `${counted(mistakes, 'mistake')} in the rules`,
  hint: 'correct them; workspace-sync filters check names each with its place',
})

/** A rule's mistake, with its place. */
export const ruleMistaken = (mistake: {
  readonly source: string
  readonly line: number
  readonly column: number
  readonly problem: string
  readonly remedy: string
}) => ({
  message: printable(`${mistake.source}:${mistake.line}:${mistake.column} ${mistake.problem}`),
  hint: printable(mistake.remedy),
})

export const noRules = 'no rules are in force'

export const configValid = 'the configuration has no mistake'

export interface Initialized {
  readonly workspace: string
  readonly branch: string | null
  /** Address and branch over there; null: nowhere. */
  readonly upstream: string | null
  /** Paths that differ from HEAD now. */
  readonly changed: number
  /** What would stop commits, with what to do. */
  readonly problems: readonly string[]
  /** The workspace's own rules and settings that waited and are in force from now on. */
  readonly trusted: readonly string[]
}

export function initialized(facts: Initialized): string {
  const branch = facts.branch ?? 'none (detached HEAD)'
  const target =
    facts.upstream === null
      ? `nothing is pushed: this branch has no upstream; give it one with git push -u origin ${branch}`
      : `commits are pushed to ${facts.upstream}`
  return [
    `workspace: ${facts.workspace}, branch ${branch}`,
    ...facts.problems.map((problem) => `first: ${problem}`),
    ...facts.trusted.map((path) => `in force from now on: ${path}`),
    `${counted(facts.changed, 'path')} ${facts.changed === 1 ? 'differs' : 'differ'} from the last commit; the rules ` +
      'decide which are synced (workspace-sync test-filter PATH says why)',
    target,
    'the first sync may go ahead without asking again',
    'next: workspace-sync start',
  ]
    .map(printable)
    .join('\n')
}
