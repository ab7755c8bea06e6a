import { expect, test } from 'vitest'
import { attribute, type OtherMoved, type TreeMoved, type WriteSeen } from '../../src/witness/ledger.ts'

function tree(deltaBytes: number, more: Partial<TreeMoved> = {}): TreeMoved {
  const quiet = { explained: 0, noiseBytes: 0, asideBytes: 0, near: [], holds: () => false, byElimination: false }
  return { tree: 'x', deltaBytes, ...quiet, ...more }
}

function write(path: string, sizeBytes: number, growthBytes: number | null = null): WriteSeen {
  return { path, sizeBytes, growthBytes }
}

function stranger(deltaBytes: number, isAtTerminal = false): OtherMoved {
  return { deltaBytes, isAtTerminal }
}

/** By path: the tree and how it is known, or what else. */
function found(
  writes: readonly WriteSeen[],
  trees: readonly TreeMoved[],
  others: readonly OtherMoved[] = [],
): Record<string, string> {
  const entries = [...attribute(writes, trees, others)].map(([path, answer]): [string, string] => [
    path,
    answer.kind === 'tree' ? `${answer.tree} ${answer.how}` : answer.kind,
  ])
  return Object.fromEntries(entries)
}

test('a program that wrote just as much is the writer, with the overhead that every write has', () => {
  for (const overhead of [0, 12, 36, 128]) {
    expect(found([write('f', 2_000)], [tree(2_000 + overhead)])).toEqual({ f: 'x exact' })
  }
})

test('one that wrote less cannot be, and one that wrote much more may have written something else', () => {
  expect(found([write('f', 2_000)], [tree(1_999)])).toEqual({ f: 'unknown' })
  expect(found([write('f', 2_000)], [tree(2_129)])).toEqual({ f: 'unknown' })
})

test('of an append only what was added counts', () => {
  expect(found([write('log', 1_000_000, 80)], [tree(92)])).toEqual({ log: 'x exact' })
  expect(found([write('log', 1_000_000)], [tree(92)])).toEqual({ log: 'unknown' })
})

test('between two programs the one that wrote just as much is meant, and none if both did', () => {
  const other = (deltaBytes: number): TreeMoved => tree(deltaBytes, { tree: 'y' })
  expect(found([write('f', 900)], [tree(936), other(5_000)])).toEqual({ f: 'x exact' })
  expect(found([write('f', 900)], [tree(936), other(950)])).toEqual({ f: 'unknown' })
  expect(found([write('f', 900)], [tree(4_000), other(5_000)])).toEqual({ f: 'unknown' })
})

test('a person’s edit beside a busy program is not taken for the program’s', () => {
  const busy = tree(536, { noiseBytes: 3_000, explained: 1 })
  for (const sizeBytes of [11, 300, 450, 536]) {
    expect(found([write('f', sizeBytes)], [busy], [stranger(sizeBytes + 20_000)])).toEqual({ f: 'unknown' })
  }
})

test('a person’s edit that a program copies elsewhere at once is not taken for the program’s', () => {
  const mirror = tree(2_036)
  expect(found([write('f', 2_000)], [mirror], [stranger(90_000)])).toEqual({ f: 'x exact' })
  for (const wrote of [2_000, 2_128]) {
    expect(found([write('f', 2_000)], [mirror], [stranger(wrote)])).toEqual({ f: 'unknown' })
  }
  expect(found([write('log', 50_000, 2_000)], [mirror], [stranger(2_010)])).toEqual({ log: 'unknown' })
})

test('a tiny edit hides in the overhead of a program’s own write, and stays unknown beside any stranger', () => {
  const both = [write('mine', 12), write('beat', 500)]
  expect(found(both, [tree(548)], [stranger(40)])).toEqual({ mine: 'unknown', beat: 'x exact' })
  // Nobody else is to be seen: a writer outside of our sight may still have done it.
  expect(found(both, [tree(548)])).toEqual({ mine: 'unknown', beat: 'x exact' })
})

test('a stranger does not matter where a silent program wrote just so much', () => {
  expect(found([write('f', 500)], [tree(536)], [stranger(9_000)])).toEqual({ f: 'x exact' })
  expect(found([write('f', 500)], [tree(536, { noiseBytes: 499 })], [stranger(9_000)])).toEqual({ f: 'x exact' })
  expect(found([write('f', 500)], [tree(536, { noiseBytes: 500 })], [stranger(9_000)])).toEqual({ f: 'unknown' })
  expect(found([write('f', 500)], [tree(536, { noiseBytes: 9_000 })], [stranger(499)])).toEqual({ f: 'x exact' })
})

test('the bytes of a write right before or after are no proof where a stranger could have written as much', () => {
  const beside = tree(936, { near: [write('beat', 900)], byElimination: true })
  expect(found([write('mine', 850)], [beside], [stranger(9_000)])).toEqual({ mine: 'unknown' })
  expect(found([write('mine', 850)], [beside], [stranger(849)])).toEqual({ mine: 'x exact' })
  const two = { near: [write('beat', 300), write('tick', 500)] }
  expect(found([write('mine', 800)], [tree(870, two)], [stranger(9_000)])).toEqual({ mine: 'unknown' })
  const many = { near: Array.from({ length: 12 }, (_, at) => write(`${at}`, 10_000)) }
  expect(found([write('mine', 800)], [tree(870, many)], [stranger(9_000)])).toEqual({ mine: 'unknown' })
  expect(found([write('mine', 500)], [tree(536, { near: [write('beat', 900)] })], [stranger(9_000)])).toEqual({
    mine: 'x exact',
  })
})

test('two files of one size and bytes for one of them are nobody’s', () => {
  expect(found([write('f', 500), write('g', 500)], [tree(536)])).toEqual({ f: 'unknown', g: 'unknown' })
  expect(found([write('f', 500), write('g', 500)], [tree(1_072)])).toEqual({ f: 'x exact', g: 'x exact' })
})

test('the bytes of one window are shared out once', () => {
  // It cannot have written both, and only one of them fits.
  expect(found([write('f', 500), write('g', 380)], [tree(536)])).toEqual({ f: 'x exact', g: 'unknown' })
})

test('a file that grew in place competes for the bytes with all its size', () => {
  const beat = write('beat', 504, 17)
  const both = [beat, write('edit', 445)]
  expect(found(both, [tree(540)], [stranger(481)])).toEqual({ beat: 'unknown', edit: 'unknown' })
  expect(found([beat], [tree(540)], [stranger(481)])).toEqual({ beat: 'x exact' })
})

test('a file held open for writing is the holder’s only if it also wrote that much', () => {
  const holds = (path: string): boolean => path === 'log'
  expect(found([write('log', 9_000, 80)], [tree(5_000, { holds })])).toEqual({ log: 'x descriptor' })
  expect(found([write('log', 9_000, 80)], [tree(79, { holds })])).toEqual({ log: 'unknown' })
  expect(found([write('log', 9_000, 80)], [tree(5_000, { holds })], [stranger(85)])).toEqual({ log: 'unknown' })
})

test('that nobody else wrote counts only for writers that were declared', () => {
  expect(found([write('f', 100)], [tree(9_000)])).toEqual({ f: 'unknown' })
  expect(found([write('f', 100)], [tree(9_000, { byElimination: true })])).toEqual({ f: 'x only' })
  expect(found([write('f', 100)], [tree(9_000, { byElimination: true })], [stranger(100)])).toEqual({ f: 'unknown' })
})

test('what was told to the daemon is no part of a file', () => {
  expect(found([write('f', 11)], [tree(166, { asideBytes: 130 })])).toEqual({ f: 'x exact' })
  expect(found([write('f', 11)], [tree(36, { asideBytes: 130 })])).toEqual({ f: 'x exact' })
})

test('a writer whose account has a gap may have done anything', () => {
  const gap = tree(NaN, { tree: 'y' })
  expect(found([write('f', 900)], [tree(936), gap])).toEqual({ f: 'unknown' })
  expect(found([write('f', 80)], [gap], [stranger(20_080, true)])).toEqual({ f: 'unknown' })
})

test('an empty file has no writer: it may have been cut short', () => {
  expect(found([write('f', 0)], [tree(0), tree(50, { tree: 'y' })])).toEqual({ f: 'unknown' })
})

test('a person is one who sits at a terminal, and nobody else wrote that much', () => {
  expect(found([write('f', 80)], [], [stranger(20_080, true)])).toEqual({ f: 'terminal' })
  expect(found([write('f', 80)], [], [stranger(20_080, true), stranger(79)])).toEqual({ f: 'terminal' })
  expect(found([write('f', 80)], [], [stranger(20_080, true), stranger(80)])).toEqual({ f: 'unknown' })
  expect(found([write('f', 80)], [tree(900)], [stranger(20_080, true)])).toEqual({ f: 'unknown' })
  expect(found([write('f', 80)], [])).toEqual({ f: 'unknown' })
})
