import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { errnoOf, SyncError } from '../errors.ts'
import { lookAt, type Clock } from '../platform/platform.ts'
import { ruleFileBytesMax } from './limits.ts'
import { readInside } from './workspace-files.ts'

/** Where rules are added. */
export interface RulePlace {
  /** Absolute; exists or can be made. */
  readonly base: string
  /** Names of directories below `base`. They are made, and none of them may be a link. */
  readonly directories: readonly string[]
  readonly name: string
}

/** Another `filters add` takes milliseconds. */
const againMs = 20
const triesMax = 250
/** A temporary file that is older belongs to nobody any more. */
const abandonedMs = 10_000

/**
 * Replaces a rule file whole: a reader sees the old text or the new one. Two of these at once wait for each other, and
 * what an editor saves meanwhile is not overwritten.
 * @param edit the old text ('' where there is no file) to the new one; the same text: nothing is written
 * @throws SyncError where something stands in the way. @throws the system's error when the disk refuses.
 */
export async function changeRuleFile(place: RulePlace, clock: Clock, edit: (text: string) => string): Promise<void> {
  const path = pathOf(place)
  makeDirectories(place)
  const temporary = `${path}.tmp`
  const fd = await openAlone(temporary, clock)
  let isThere = true
  try {
    const seen = lookAt(path)
    const old = textOf(path)
    const next = edit(old ?? '')
    if (next === (old ?? '')) return
    if (Buffer.byteLength(next) > ruleFileBytesMax) throw tooLarge(path)
    writeFileSync(fd, next)
    if (old !== null) fchmodSync(fd, statSync(path).mode & 0o7777)
    fsyncSync(fd)
    if (lookAt(path)?.fingerprint !== seen?.fingerprint) throw changedMeanwhile(path)
    renameSync(temporary, path)
    isThere = false
  } finally {
    closeSync(fd)
    if (isThere) rmSync(temporary, { force: true })
  }
}

/** The text with lines more, ending as its lines end; what is there stays as it is, byte for byte. */
export function withLines(text: string, lines: readonly string[]): string {
  const end = /\r?\n/.exec(text)?.[0] ?? '\n'
  const isWhole = text === '' || text.endsWith('\n')
  return [isWhole ? text : text + end, ...lines.map((line) => line + end)].join('')
}

function pathOf({ base, directories, name }: RulePlace): string {
  return join(base, ...directories, name)
}

function makeDirectories({ base, directories }: RulePlace): void {
  mkdirSync(base, { recursive: true })
  let at = base
  for (const name of directories) {
    at = join(at, name)
    const stat = lstatSync(at, { throwIfNoEntry: false })
    if (stat === undefined) mkdirSync(at, { recursive: true })
    else if (!stat.isDirectory()) {
      const what = stat.isSymbolicLink() ? 'is a link' : 'is no directory'
      throw new SyncError('configuration', `${at} ${what}`, 'put a directory there, and nothing is written elsewhere')
    }
  }
}

async function openAlone(temporary: string, clock: Clock): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    try {
      return openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
    }
    const changedAtMs = lookAt(temporary)?.changedAtMs ?? null
    if (changedAtMs !== null && clock.nowMs() - changedAtMs > abandonedMs) rmSync(temporary, { force: true })
    else if (tries < triesMax) await new Promise<void>((resolve) => void clock.after(againMs, resolve))
    else
      throw new SyncError('lock', `${temporary} does not go away`, 'remove it if no other workspace-sync writes rules')
  }
}

/** null: there is no such file. */
function textOf(path: string): string | null {
  const read = readInside(path, ruleFileBytesMax)
  if (read === 'absent') return null
  if (typeof read === 'string') {
    const [problem = '', remedy = ''] = read.split('; ')
    throw new SyncError('configuration', `${path} ${problem}`, `${remedy}, or write the rule yourself where it belongs`)
  }
  const text = read.toString('utf8')
  if (!Buffer.from(text, 'utf8').equals(read)) {
    throw new SyncError('configuration', `${path} is not UTF-8`, 'save it as UTF-8, then try again')
  }
  return text
}

function tooLarge(path: string): SyncError {
  return new SyncError(
    'rules',
    `${path} would be larger than ${ruleFileBytesMax} bytes`,
    'use wildcards, or a second file',
  )
}

function changedMeanwhile(path: string): SyncError {
  return new SyncError('lock', `${path} was written by somebody else at the same moment`, 'try again')
}
