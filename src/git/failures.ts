import { SyncError } from '../errors.ts'
import type { Failure, FailureName } from '../types.ts'
import { masked } from '../tokens.ts'
import { failureTable } from './failure-table.ts'

/** The answer of a git child that did not do what was asked. */
interface Refusal {
  readonly code: number | null
  readonly stderr: string
  readonly fault: 'missing' | 'no-directory' | 'not-started' | 'timeout' | 'too-much' | null
}

/** Names what went wrong. `verb` is the git command, for people. */
export function failureOf(verb: string, answer: Refusal): Failure {
  const detail = detailOf(answer.stderr)
  if (answer.fault === 'missing') return gitMissing
  if (answer.fault === 'no-directory') return unknown('the workspace folder is gone', 'put it back')
  if (answer.fault === 'timeout') return timeout(verb, detail)
  if (answer.fault === 'too-much') {
    return unknown(`git ${verb} printed more than is read`, 'report this with the size of the work tree')
  }
  if (answer.fault === 'not-started') {
    return unknown(`git ${verb} could not be started: ${detail}`, 'check memory and process limits')
  }
  const found = failureTable.find(({ pattern }) => pattern.test(answer.stderr))
  if (found?.name === 'identity') return { ...found, detail: 'git does not know who commits here' }
  if (found !== undefined) {
    const said = found.name === 'submodule-not-pushed' ? submodulesIn(answer.stderr) : detail
    return { name: found.name, detail: said, hint: filledIn(found, answer.stderr), heals: found.heals }
  }
  const ending = answer.code === null ? 'was ended by a signal' : `ended with ${answer.code}`
  return unknown(`git ${verb} ${ending}${detail === '' ? '' : `: ${detail}`}`, `try it by hand: git ${verb}`)
}

/** Indented by two, between what git says of them and what it proposes. */
function submodulesIn(stderr: string): string {
  const named = [...stderr.matchAll(/^ {2}(\S.*)$/gm)].map(([, path]) => path)
  return `commits of submodules are on no remote: ${named.join(', ')}`.slice(0, detailMaxLength)
}

/** git names the directory that it does not trust: the hint is to be typed as it stands. */
function filledIn({ name, hint }: Pick<Failure, 'name' | 'hint'>, stderr: string): string {
  const named = /^\s*(git config --global --add safe\.directory .+)$/m.exec(stderr)?.[1]
  return name === 'ownership' && named !== undefined ? `run: ${named}` : hint
}

const gitMissing: Failure = {
  name: 'git-missing',
  detail: 'git was not found on PATH',
  hint: 'install git 2.38 or later',
  heals: 'person',
}

function timeout(verb: string, detail: string): Failure {
  const said = detail === '' ? '' : `: ${detail}`
  const hint = 'see what it waits for: a hook, a filter, a signing prompt or the network'
  return { name: 'timeout', detail: `git ${verb} did not end in time${said}`, hint, heals: 'backoff' }
}

function unknown(detail: string, hint: string): Failure {
  return { name: 'unknown', detail, hint, heals: 'backoff' }
}

const errnoRows: Readonly<Record<string, readonly [FailureName, Failure['heals'], string]>> = {
  ENOSPC: ['disk-full', 'backoff', 'free disk space'],
  EDQUOT: ['disk-full', 'backoff', 'free disk space'],
  EROFS: ['read-only', 'person', 'make the git directory writable for the user that runs this'],
  EACCES: ['read-only', 'person', 'make the git directory writable for the user that runs this'],
  EPERM: ['read-only', 'person', 'make the git directory writable for the user that runs this'],
}

/** The same for a system call of ours; `code` is the errno's name. */
export function failureOfErrno(code: string, message: string): Failure {
  const found = errnoRows[code]
  if (found === undefined)
    return { ...unknown(redact(message), 'check the disk and the git directory'), heals: 'backoff' }
  return { name: found[0], detail: redact(message), hint: found[2], heals: found[1] }
}

/** Reading the repository itself failed: nobody can go on, so it is an exception. */
export function repositoryError(failure: Failure): SyncError {
  const kind = failure.name === 'git-missing' ? 'system' : 'repository'
  return new SyncError(kind, failure.detail, failure.hint, undefined, failure)
}

/** User name and password, or token, in front of a host. */
const userinfo = /([a-z][a-z0-9+.-]*:\/\/)[^/@\s'"]*(?:@[^/@\s'"]*)*@/gi

/** Takes credentials out of every address in a text, and tokens of services: hooks and servers say what they like. */
export function redact(text: string): string {
  return masked(text.replace(userinfo, '$1'))
}

const detailMaxLength = 300
const noise = new RegExp(
  '^(?:hint: |To |Everything up-to-date|Please make sure|and the repository|an editor opened by|may have crashed' +
    '|git config --global --add safe\\.directory )',
)

/** The lines that say something, in one line, without credentials; what failed first, if there is no room for all. */
export function detailOf(stderr: string): string {
  const lines = redact(stderr)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && line.trim() !== 'remote:' && !noise.test(line.replace(failed, '').trim()))
  const told = (some: readonly string[]): string => some.map((line) => line.replace(failed, '').trim()).join('; ')
  if (told(lines).length <= detailMaxLength) return told(lines)
  const first = lines.toSorted((one, other) => Number(failed.test(other)) - Number(failed.test(one)))
  return `${told(first).slice(0, detailMaxLength - 1)}…`
}

const failed = /^(?:fatal|error): /
