/**
 * Whose write it was, by what each process wrote in the time around it. The rules are ordered by what they can prove;
 * where two could have written it nobody is named, for a person's edit must never be taken for a program's.
 */

/** Bytes a write costs beyond the file's own: line ends told to a terminal, wake-ups between threads. */
const overheadBytesMax = 128

export interface WriteSeen {
  readonly path: string
  readonly sizeBytes: number
  /** How much longer the same file became; null: another file than before, not longer, or unknown. */
  readonly growthBytes: number | null
}

export interface TreeMoved {
  readonly tree: string
  /** Written by all its processes in the window, minus what other events of it have explained. NaN: not known. */
  readonly deltaBytes: number
  /** Events already explained, each of which may have left its overhead in the delta. */
  readonly explained: number
  /** What it wrote in the last minute that no event explains: to logs elsewhere, to a terminal, to other programs. */
  readonly noiseBytes: number
  /** It has written so much to the daemon; whether in this window or right after it is not known. */
  readonly asideBytes: number
  /** Other writes, of other windows and perhaps its own, whose bytes may be in the delta. */
  readonly near: readonly WriteSeen[]
  /** One of its processes has the path open for writing. */
  readonly holds: (path: string) => boolean
  /** It counts that nobody else can have written it; for writers that somebody declared. */
  readonly byElimination: boolean
}

/** A process of no known tree that wrote something. */
export interface OtherMoved {
  readonly deltaBytes: number
  /** A person sits at its terminal and it is in the foreground there. */
  readonly isAtTerminal: boolean
}

export type Attribution =
  | { readonly kind: 'tree'; readonly tree: string; readonly how: 'exact' | 'descriptor' | 'only' }
  | { readonly kind: 'terminal' }
  /** `perhaps`: a tree that may have written it, only that this is not sure. */
  | { readonly kind: 'unknown'; readonly perhaps: string | null }

const unknown: Attribution = { kind: 'unknown', perhaps: null }

/** @param others each process of no tree; what the daemon itself wrote is not among them. */
export function attribute(
  seen: readonly WriteSeen[],
  trees: readonly TreeMoved[],
  others: readonly OtherMoved[],
): ReadonlyMap<string, Attribution> {
  const answers = new Map<string, Attribution>()
  const shares = new Map<TreeMoved, Share[]>()
  for (const write of seen) {
    const suspect = suspectOf(write, seen, trees, others)
    if ('kind' in suspect) answers.set(write.path, suspect)
    else shares.set(suspect.tree, [...(shares.get(suspect.tree) ?? []), { write, isAlone: suspect.isAlone }])
  }
  for (const [tree, writes] of shares) {
    for (const [path, how] of shareOut(tree, writes, seen)) {
      answers.set(path, how === null ? { kind: 'unknown', perhaps: tree.tree } : { kind: 'tree', tree: tree.tree, how })
    }
  }
  return answers
}

interface Share {
  readonly write: WriteSeen
  /** No stranger wrote so much. */
  readonly isAlone: boolean
}

/** The only one who can have written it, or the answer if it is not one known tree. */
function suspectOf(
  write: WriteSeen,
  seen: readonly WriteSeen[],
  trees: readonly TreeMoved[],
  others: readonly OtherMoved[],
): { readonly tree: TreeMoved; readonly isAlone: boolean } | Attribution {
  const leastBytes = leastOf(write)
  // An empty file can have been cut by anybody: nothing was written.
  if (write.sizeBytes === 0) return unknown
  // Whoever cannot be excluded may have done it.
  if (trees.some(({ deltaBytes }) => Number.isNaN(deltaBytes))) return unknown
  const able = trees.filter(({ deltaBytes }) => deltaBytes >= leastBytes)
  const exact = able.filter((tree) => isExact(tree, write) || areAllExact(tree, seen))
  const [only, second] = exact.length > 0 ? exact : able
  const strangers = others.filter(({ deltaBytes }) => deltaBytes >= leastBytes)
  if (only === undefined) {
    return strangers.length > 0 && strangers.every(({ isAtTerminal }) => isAtTerminal) ? terminal : unknown
  }
  if (second !== undefined) return unknown
  const isCopy = strangers.some((stranger) => wroteJustThat(stranger, write))
  const isAlone = strangers.length === 0
  const isSuspect = isAlone || (exact.length > 0 && !isCopy && isTelling(only, write, seen))
  return isSuspect ? { tree: only, isAlone } : { kind: 'unknown', perhaps: only.tree }
}

const terminal: Attribution = { kind: 'terminal' }

/**
 * Just so many bytes of a program that hardly writes anything else are no coincidence, whoever else was at work. Of one
 * that does, or when the overhead of its other writes is as large, they may be.
 */
function isTelling(tree: TreeMoved, write: WriteSeen, seen: readonly WriteSeen[]): boolean {
  const isWhole = isWithin(tree, 1, [write.sizeBytes]) || isWithin(tree, seen.length, [sum(seen, sizeOf)])
  const matchedBytes = isWhole ? write.sizeBytes : leastOf(write)
  return matchedBytes > tree.noiseBytes + overheadBytesMax * (seen.length - 1 + tree.explained)
}

/** A stranger's file that a known program copies elsewhere is as many bytes of both: what is the same is no proof. */
function wroteJustThat({ deltaBytes }: OtherMoved, { sizeBytes, growthBytes }: WriteSeen): boolean {
  return [sizeBytes, growthBytes ?? sizeBytes].some((bytes) => {
    return deltaBytes >= bytes && deltaBytes <= bytes + overheadBytesMax
  })
}

/** @param shares what only this tree can have written @param seen all of the window */
function shareOut(
  tree: TreeMoved,
  shares: readonly Share[],
  seen: readonly WriteSeen[],
): readonly (readonly [string, 'exact' | 'descriptor' | 'only' | null])[] {
  const fits = shares.reduce((total, { write }) => total + leastOf(write), 0) <= tree.deltaBytes
  const sure = inEveryExplanation(tree, seen)
  const sureBeside = shares.every(({ isAlone }) => isAlone) ? sure : inEveryCombination(tree, seen)
  return shares.map(({ write, isAlone }) => {
    if ((isAlone ? sure : sureBeside).has(write)) return [write.path, 'exact']
    if (!fits) return [write.path, null]
    if (tree.holds(write.path)) return [write.path, 'descriptor']
    return [write.path, isAlone && tree.byElimination ? 'only' : null]
  })
}

/**
 * One write, all of them, or all but one may be just what the tree wrote. Where several explanations fit, only what all
 * of them hold is sure: another writer's file may fit by chance, or vanish in the overhead.
 */
function inEveryExplanation(tree: TreeMoved, seen: readonly WriteSeen[]): ReadonlySet<WriteSeen> {
  const single = seen.filter((write) => isExact(tree, write)).map((write) => [write])
  const allButOne = seen.length > 2 ? seen.map((left) => seen.filter((write) => write !== left)) : []
  const several = seen.length > 1 ? [seen, ...allButOne].filter((writes) => areAllExact(tree, writes)) : []
  return commonOf([...single, ...several])
}

/**
 * The same where strangers could have written as much: then any of the writes, and of those right before and after, may
 * be what the tree wrote. Nothing is sure of very many.
 */
function inEveryCombination(tree: TreeMoved, seen: readonly WriteSeen[]): ReadonlySet<WriteSeen> {
  const all = [...seen, ...tree.near]
  if (all.length > combinedMax) return new Set()
  const combinations = Array.from({ length: 2 ** all.length - 1 }, (_, at) => chosenOf(all, at + 1))
  return commonOf(combinations.filter((writes) => areAllExact(tree, writes)))
}

/** 4,096 combinations, less than a millisecond. */
const combinedMax = 12

function chosenOf(writes: readonly WriteSeen[], bits: number): readonly WriteSeen[] {
  return writes.filter((_, at) => (bits & (1 << at)) !== 0)
}

function commonOf([first = [], ...more]: readonly (readonly WriteSeen[])[]): ReadonlySet<WriteSeen> {
  return new Set(first.filter((write) => more.every((writes) => writes.includes(write))))
}

/** Of several writes in one window: together they are what it wrote. */
function areAllExact(tree: TreeMoved, writes: readonly WriteSeen[]): boolean {
  return isWithin(tree, writes.length, [sum(writes, sizeOf), sum(writes, leastOf)])
}

function isExact(tree: TreeMoved, write: WriteSeen): boolean {
  return isWithin(tree, 1, [write.sizeBytes, leastOf(write)])
}

function isWithin(tree: TreeMoved, writes: number, sums: readonly number[]): boolean {
  const slackBytes = overheadBytesMax * (writes + tree.explained)
  const fits = (restBytes: number): boolean => restBytes >= 0 && restBytes <= slackBytes
  return sums.some((bytes) => [0, tree.asideBytes].some((aside) => fits(tree.deltaBytes - bytes - aside)))
}

/** Whoever wrote it wrote at least so much: an append only what was added. */
function leastOf({ sizeBytes, growthBytes }: WriteSeen): number {
  return growthBytes ?? sizeBytes
}

function sizeOf({ sizeBytes }: WriteSeen): number {
  return sizeBytes
}

function sum(writes: readonly WriteSeen[], bytesOf: (write: WriteSeen) => number): number {
  return writes.reduce((total, write) => total + bytesOf(write), 0)
}
