import { expect, test } from 'vitest'
import { parseDuration, parseSize } from '../../src/config/units.ts'

test('durations are decimal numbers with a unit, in milliseconds', () => {
  expect(parseDuration('250ms')).toBe(250)
  expect(parseDuration('2s')).toBe(2_000)
  expect(parseDuration('1.5m')).toBe(90_000)
  expect(parseDuration('24h')).toBe(86_400_000)
  expect(parseDuration('7d')).toBe(604_800_000)
  expect(parseDuration('30 s')).toBe(30_000)
})

test('nothing needs no unit, everything else does', () => {
  expect(parseDuration('0')).toBe(0)
  expect(parseDuration('0s')).toBe(0)
  expect(parseSize('0')).toBe(0)
  expect(parseDuration('30')).toBeNull()
  expect(parseSize('30')).toBeNull()
})

test('sizes count in steps of 1024', () => {
  expect(parseSize('512B')).toBe(512)
  expect(parseSize('1KB')).toBe(1_024)
  expect(parseSize('50MB')).toBe(52_428_800)
  expect(parseSize('0.5GB')).toBe(536_870_912)
})

test.each(['', 's', '-1s', '+1s', '1e3s', '1,5s', '30x', '30S', '30 sec', '1h30m', ' 1s', '1s ', 'Infinitys', '.5s'])(
  'no duration: %j',
  (text) => {
    expect(parseDuration(text)).toBeNull()
  },
)

test.each(['1mb', '1M', '1TB', '50 MiB', 'MB', '-1B', '9999999999999999GB'])('no size: %j', (text) => {
  expect(parseSize(text)).toBeNull()
})
