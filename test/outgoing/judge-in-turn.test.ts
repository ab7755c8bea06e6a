import { expect, test } from 'vitest'
import { judgeInTurn, outgoingLimits, type SentFile } from '../../src/outgoing/outgoing.ts'
import { pathBytes } from '../../src/types.ts'

const mega = 1024 * 1024

function filesOf(count: number): readonly SentFile[] {
  const oid = '0'.repeat(40)
  const rest = { commit: oid, rebaseFrom: '--root', oid, before: [], isLink: false, isThere: true }
  return Array.from({ length: count }, (_, at) => ({ path: pathBytes(`${at}`), ...rest }))
}

/** What was judged, and how many bytes and files were in hand at once at most. */
async function judged(sizes: readonly number[], bytesMax: number, isLate = (): boolean => false) {
  let [bytes, files, bytesAtOnce, filesAtOnce] = [0, 0, 0, 0]
  const done = await judgeInTurn(filesOf(sizes.length), {
    bytesMax,
    isLate,
    sizeOf: async ({ path }) => sizes[Number(path)] ?? 0,
    async judge({ path }, sizeBytes) {
      bytes += sizeBytes
      files += 1
      bytesAtOnce = Math.max(bytesAtOnce, bytes)
      filesAtOnce = Math.max(filesAtOnce, files)
      await Promise.resolve()
      bytes -= sizeBytes
      files -= 1
      return `${path}: ${sizeBytes}`
    },
  })
  return { done, bytesAtOnce, filesAtOnce }
}

test('all are judged in order, each with its size, few at once', async () => {
  const sizes = Array.from({ length: 50 }, (_, at) => at)
  const { done, filesAtOnce } = await judged(sizes, mega)
  expect(done).toEqual(sizes.map((size, at) => `${at}: ${size}`))
  expect(filesAtOnce).toBe(16)
})

test('large ones are not all read at once', async () => {
  const { done, bytesAtOnce } = await judged(
    [40, 40, 1, 1, 63, 40, 90].map((size) => size * mega),
    100 * mega,
  )
  expect(done).toHaveLength(7)
  expect(bytesAtOnce).toBe(90 * mega)
})

test('what is too large to be read keeps nobody waiting', async () => {
  const { done, filesAtOnce } = await judged(
    Array.from({ length: 8 }, () => 1_000 * mega),
    mega,
  )
  expect(done).toHaveLength(8)
  expect(filesAtOnce).toBe(8)
})

test('it ends where enough was read, or when it is late', async () => {
  const size = 64 * mega
  const enough = outgoingLimits.bytes / size
  expect(
    (
      await judged(
        Array.from({ length: 20 }, () => size),
        size,
      )
    ).done,
  ).toHaveLength(enough)
  expect(
    (
      await judged(
        Array.from({ length: outgoingLimits.blobs + 1 }, () => 0),
        size,
      )
    ).done,
  ).toHaveLength(outgoingLimits.blobs)
  let turns = 0
  expect(
    (
      await judged(
        Array.from({ length: 50 }, () => 0),
        size,
        () => (turns += 1) > 2,
      )
    ).done,
  ).toHaveLength(32)
})
