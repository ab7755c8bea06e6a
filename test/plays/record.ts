/**
 * What lay where, before and after each thing that a person did: what is missing in the end, or there again, is traced by
 * it to whoever took it away or brought it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../machines/clone.ts'

/** What became of files, index and branches between two looks. */
export interface Look {
  /** Files that were not there before, and all that are there now. */
  readonly came: readonly string[]
  readonly lying: readonly string[]
  /** Marks that were in some file before and are in none now, and the other way round. */
  readonly marksGone: readonly string[]
  readonly marksCome: readonly string[]
  /** Moves of each branch until the look before and until this one. */
  readonly from: ReadonlyMap<string, number>
  readonly to: ReadonlyMap<string, number>
}

export interface PlayRecord {
  say(text: string): void
  /** @param doing whose doing it is that something changed since the look before */
  look(doing: string): Look
  lines(): readonly string[]
  /** All that was seen of a path or a mark. */
  about(word: string): readonly string[]
}

type Contents = ReadonlyMap<string, string>

interface Seen {
  /** Marks by path. */
  readonly files: Contents
  readonly index: Contents
  readonly moves: ReadonlyMap<string, number>
}

export function createRecord(root: string, nowMs: () => number): PlayRecord {
  const lines: string[] = []
  const files = openFiles(root)
  const index = openIndex(root)
  const reflogs = openReflogs(root)
  let seen: Seen = { files: new Map(), index: new Map(), moves: new Map() }
  const say = (text: string): void => void lines.push(`${new Date(nowMs()).toISOString().slice(14)} ${text}`)
  return {
    say,
    look(doing) {
      const before = seen
      const told = reflogs.news()
      seen = { files: files(), index: index(), moves: reflogs.counts() }
      const changes = [
        ...told,
        ...differences(before.files, seen.files).map(([path, was, is]) => `file ${path} ${marksBetween(was, is)}`),
        ...differences(before.index, seen.index).map(
          ([path, was, is]) => `index ${path} ${was ?? '-'} => ${is ?? '-'}`,
        ),
      ]
      say([doing, ...changes].join('\n    '))
      const [marksBefore, marksNow] = [allMarks(before.files), allMarks(seen.files)]
      return {
        came: [...seen.files.keys()].filter((path) => !before.files.has(path)),
        lying: [...seen.files.keys()],
        marksGone: [...marksBefore].filter((mark) => !marksNow.has(mark)),
        marksCome: [...marksNow].filter((mark) => !marksBefore.has(mark)),
        from: before.moves,
        to: seen.moves,
      }
    },
    lines: () => lines,
    about(word) {
      const isAbout = (text: string): boolean => new RegExp(`${word}\\b`).test(text)
      return lines.filter(isAbout).map((line) => {
        const [doing, ...changes] = line.split('\n')
        return [doing, ...changes.filter(isAbout)].join('\n')
      })
    },
  }
}

/** Only what changed is read again. */
function openFiles(root: string): () => Contents {
  const known = new Map<string, { readonly fingerprint: string; readonly marks: string }>()
  return () => {
    const found = new Map<string, string>()
    for (const name of namesIn(join(root, 'u'))) {
      const path = `u/${name}`
      const stat = statSync(join(root, path), { throwIfNoEntry: false })
      if (stat === undefined) continue
      const fingerprint = [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join()
      const old = known.get(path)
      const marks = old?.fingerprint === fingerprint ? old.marks : marksOf(textOf(join(root, path)))
      known.set(path, { fingerprint, marks })
      found.set(path, marks)
    }
    return found
  }
}

function openIndex(root: string): () => Contents {
  let state = ''
  let found = new Map<string, string>()
  return () => {
    const { ino = 0, mtimeMs = 0 } = statSync(join(root, '.git', 'index'), { throwIfNoEntry: false }) ?? {}
    if (state === `${ino} ${mtimeMs}`) return found
    state = `${ino} ${mtimeMs}`
    found = new Map()
    for (const entry of git(root, 'ls-files', '--stage', '--', 'u').split('\n').filter(Boolean)) {
      const [facts = '', path = ''] = entry.split('\t')
      const [, oid = '', stage = ''] = facts.split(' ')
      found.set(path, `${found.get(path) ?? ''}${stage}:${oid.slice(0, 10)} `)
    }
    return found
  }
}

/** The news of HEAD, branches and stash, and how often each branch has moved. */
function openReflogs(root: string): {
  news(): readonly string[]
  counts(): ReadonlyMap<string, number>
} {
  const folder = join(root, '.git', 'logs')
  const read = new Map<string, { readonly sizeBytes: number; readonly count: number }>()
  return {
    news: () =>
      namesIn(folder, true).flatMap((name) => {
        const log = join(folder, name)
        const stat = statSync(log, { throwIfNoEntry: false })
        const old = read.get(name) ?? { sizeBytes: 0, count: 0 }
        if (name.includes('remotes') || stat?.isFile() !== true || stat.size === old.sizeBytes) return []
        const text = textOf(log)
        const added = text.slice(stat.size < old.sizeBytes ? text.length : old.sizeBytes)
        read.set(name, { sizeBytes: text.length, count: text.split('\n').filter(Boolean).length })
        return added
          .split('\n')
          .filter(Boolean)
          .map((line) => `${name} ${moveOf(line)}`)
      }),
    counts: () => new Map([...read].map(([name, { count }]) => [name.replace('refs/heads/', ''), count])),
  }
}

function moveOf(line: string): string {
  const [from = '', to = ''] = line.split(' ', 2)
  return `${from.slice(0, 10)} => ${to.slice(0, 10)} ${line.slice(line.indexOf('\t') + 1)}`
}

function namesIn(directory: string, recursive = false): readonly string[] {
  return existsSync(directory) ? readdirSync(directory, { recursive, encoding: 'utf8' }) : []
}

/** What is gone by now is empty. */
function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'latin1') : ''
}

function marksOf(text: string): string {
  return [...text.matchAll(/mark-\d+-\d+/g)].map(([mark]) => mark).join(' ')
}

function allMarks(files: Contents): ReadonlySet<string> {
  return new Set([...files.values()].flatMap((marks) => marks.split(' ').filter(Boolean)))
}

function marksBetween(was: string | undefined, is: string | undefined): string {
  const [before, after] = [(was ?? '').split(' '), (is ?? '').split(' ')].map((marks) => new Set(marks.filter(Boolean)))
  const gone = [...(before ?? [])].filter((mark) => after?.has(mark) !== true).map((mark) => `-${mark}`)
  const come = [...(after ?? [])].filter((mark) => before?.has(mark) !== true).map((mark) => `+${mark}`)
  return [was === undefined ? 'comes' : is === undefined ? 'goes' : 'changes', ...gone, ...come].join(' ')
}

function differences(
  was: Contents,
  is: Contents,
): readonly (readonly [string, string | undefined, string | undefined])[] {
  const paths = [...new Set([...was.keys(), ...is.keys()])]
  return paths.filter((path) => was.get(path) !== is.get(path)).map((path) => [path, was.get(path), is.get(path)])
}
