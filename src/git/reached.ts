/** What of the work tree git comes to by names that lie anywhere, whatever links are on the way. */
import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { posix } from 'node:path'
import { errnoOf } from '../errors.ts'
import { pathBytes, pathOfLatin1, type Oid, type PathBytes } from '../types.ts'

export interface Names {
  /** Absolute, as text. */
  readonly files: readonly string[]
  /** Directories of hooks: git runs what lies in them, links too. */
  readonly hooks: readonly string[]
}

/** Links that a commit brings, by what they say; null: what lies there afterwards is none. */
export interface Coming {
  readonly links: ReadonlyMap<PathBytes, Oid | null>
  /** null: nothing that a link could say. */
  read(oid: Oid): Promise<string | null>
}

export interface Reached {
  /** Directories and links on the way: what becomes of one itself counts, not what lies below it. */
  readonly ways: ReadonlySet<PathBytes>
  /** Where the ways end: all that lies there or below counts. */
  readonly places: ReadonlySet<PathBytes>
}

/** Entries of a directory of hooks that are looked at; git itself knows some thirty names. */
const hooksMax = 1_000
/** As Linux follows. */
const linksMax = 40

/** githooks(5), git 2.39, but for those of a server; `fsmonitor-watchman` is the sample's name. */
const hookNames: readonly string[] = [
  'applypatch-msg commit-msg post-applypatch post-checkout post-commit post-index-change post-merge',
  'post-rewrite pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase',
  'prepare-commit-msg reference-transaction sendemail-validate fsmonitor-watchman',
].flatMap((line) => line.split(' '))

/** What the link at an absolute path of bytes says; null: there is none. */
type LinkAt = (path: string) => Promise<string | null>

/** As the work tree is, and as it will be with what comes. */
export async function reachedFrom(root: string, names: Names, coming: Coming | null): Promise<Reached> {
  const top = pathBytes(realpathSync(root))
  const found = { ways: new Set<PathBytes>(), places: new Set<PathBytes>() }
  const onDisk: LinkAt = (path) => Promise.resolve(linkOnDisk(path))
  await walkAll(top, names, onDisk, [], found)
  if (coming === null) return found
  const links = [...coming.links.keys()].filter((path) => coming.links.get(path) !== null)
  const afterwards: LinkAt = async (path) => {
    const oid = path.startsWith(`${top}/`) ? coming.links.get(pathOfLatin1(path.slice(top.length + 1))) : undefined
    return oid === undefined ? linkOnDisk(path) : oid === null ? null : coming.read(oid)
  }
  await walkAll(top, names, afterwards, links, found)
  return found
}

interface Found {
  readonly ways: Set<PathBytes>
  readonly places: Set<PathBytes>
}

async function walkAll(
  top: string,
  names: Names,
  linkAt: LinkAt,
  links: readonly PathBytes[],
  { ways, places }: Found,
): Promise<void> {
  const own = (path: string): readonly PathBytes[] => {
    const inside = path.startsWith(`${top}/`) ? path.slice(top.length + 1) : ''
    return inside === '' || inside === '.git' || inside.startsWith('.git/') ? [] : [pathOfLatin1(inside)]
  }
  const walk = async (path: string): Promise<string | null> => {
    const end = await follow(path, linkAt, (step) => own(step).forEach((one) => ways.add(one)))
    // By its own name, too: a link that only lies here may be taken away again.
    for (const place of [posix.normalize(path), end ?? path]) own(place).forEach((one) => places.add(one))
    return end
  }
  for (const name of names.files) await walk(pathBytes(name))
  for (const name of names.hooks) {
    const directory = await walk(pathBytes(name))
    if (directory === null) continue
    if (directory === top) hookNames.forEach((hook) => places.add(pathBytes(hook)))
    const coming = links.filter((path) => posix.dirname(`${top}/${path}`) === directory)
    const entries = [...namesIn(directory), ...coming.map((path) => posix.basename(path))]
    for (const entry of new Set(directory === top ? hookNames : entries)) {
      const hook = `${directory}/${entry}`
      if ((await linkAt(hook)) !== null) await walk(hook)
    }
  }
}

/** @returns where it leads to in the end, or would once it is there; null: round in a circle */
async function follow(path: string, linkAt: LinkAt, passed: (path: string) => void): Promise<string | null> {
  let rest = path.split('/')
  let here = ''
  let links = 0
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      here = here.slice(0, Math.max(0, here.lastIndexOf('/')))
      continue
    }
    const next = `${here}/${name}`
    passed(next)
    const link = await linkAt(next)
    if (link === null) here = next
    else {
      links += 1
      if (links > linksMax) return null
      if (link.startsWith('/')) here = ''
      rest = [...link.split('/'), ...rest]
    }
  }
  return here
}

function namesIn(directory: string): readonly string[] {
  return ifThere(() => readdirSync(Buffer.from(directory, 'latin1'), 'latin1').slice(0, hooksMax)) ?? []
}

function linkOnDisk(path: string): string | null {
  return ifThere(() => readlinkSync(Buffer.from(path, 'latin1'), 'latin1'))
}

function ifThere<T>(look: () => T): T | null {
  try {
    return look()
  } catch (error) {
    if (errnoOf(error) === null) throw error
    return null
  }
}
