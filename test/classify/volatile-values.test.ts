import { expect, test } from 'vitest'
import { isVolatileAt, isVolatileText, isVolatileValue, isVolatileWritten } from '../../src/classify/volatile-values.ts'
import { cpuMs } from '../support/cpu.ts'

const volatile = [
  '',
  '1',
  '-1.5',
  '1e9',
  '1_000',
  '0xff',
  '.5',
  '1767780000',
  '1767780000.123',
  '2026-01',
  '2026-01-07',
  '2026-01-07T10:00Z',
  '2026-01-07T10:00:00.123456+01:00',
  '2026-01-07 10:00:00,123',
  '2026-01-07 10:00:00.123456 UTC',
  '2026-01-07T10:00:00+01:00[Europe/Berlin]',
  '20260107',
  '20260107T100000Z',
  '2026-01-07_10-00-00',
  '07.01.2026 10:00',
  '1/7/2026, 10:00:00 AM',
  'Jan 7, 2026',
  'January 7th, 2026 at 10:00 PM',
  '7 January 2026',
  '7-Jan-2026 10:00:00',
  'Wed, 07 Jan 2026 10:00:00 GMT',
  'Wed Jan  7 10:00:00 2026',
  'Wed Jan  7 10:00:00 CET 2026',
  'Wed Jan 07 2026 10:00:00 GMT+0100 (Central European Standard Time)',
  '10:32',
  '10:32:01.5',
  'never',
  'just now',
  '07/Jan/2026:10:00:00 +0000',
  'Jan 7 10:00:00',
  '2026-W02-3',
  '@1736240400',
  'deadbeef',
  '{550e8400-e29b-41d4-a716-446655440000}',
  'urn:uuid:550e8400-e29b-41d4-a716-446655440000',
  'sha256:9f86d081884c7d65',
  'q1W2e3R4t5Y6u7I8/9+0==',
  '5 minutes ago',
  'about an hour ago',
  '2.5s ago',
  '550e8400-e29b-41d4-a716-446655440000',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  'V1StGXR8_Z5jdHi6B-myT',
  'deadbeef01',
  'session_01ABCdEf2gH3',
  'sess-1767780000',
  'run-20260107',
]

test.each(volatile)('a moment, an id, a number or nothing: %s', (text) => {
  expect(isVolatileText(text)).toBe(true)
  expect(isVolatileWritten(` "${text}" `)).toBe(true)
  expect(isVolatileAt(Buffer.from(`{"a":${JSON.stringify(text)}`), 5)).toBe(true)
})

const meant = [
  'string',
  'date-time',
  'int64',
  'float32',
  'datetime2',
  'timestamp64',
  'TIMESTAMP_NTZ',
  'varchar255',
  'decimal(10,2)',
  'iso8601',
  'rfc3339nano',
  'unix_ms',
  'true',
  '30s',
  '1h30m',
  'every 5 minutes',
  'http://server1.example.com/ping2',
  '/api/v1/users2',
  '10.0.0.1',
  '10.0.0.1:8080',
  '1.2.3',
  '* * * * *',
  '0 10 * * *',
  'Mon-Fri 10:00',
  '10:00-12:00',
  '10:00-18:00',
  '{{ now }}',
  'march',
  'brave-curie',
  'The heart of 2026',
  'Ende März 2026',
  'agreed with the group Z',
  '1'.repeat(81),
]

test.each(meant)('what somebody meant: %s', (text) => {
  expect(isVolatileText(text)).toBe(false)
  expect(isVolatileWritten(text)).toBe(false)
  expect(isVolatileAt(Buffer.from(JSON.stringify(text)), 0)).toBe(false)
})

test.each([
  ['1', true],
  ['-1.5e3', true],
  ['null', true],
  ['true', false],
  ['false', false],
  ['{}', true],
  ['[1]', true],
  ['{"seconds": 1, "nanos": -2}', true],
  ['{"$date":"2026-01-07T10:00:00Z"}', true],
  ['[[1,null],{"a":"2026-01-07"}]', true],
  ['{"type":"string"}', false],
  ['{"a":true}', false],
  ['[1,"a word"]', false],
  ['[1', false],
  [`[${'1,'.repeat(3_000)}1]`, false],
  ['"', false],
  ['"1', false],
  ['"\\u0031"', false],
  ['', false],
])('of JSON, by its first bytes: %s, %j', (text, expected) => {
  expect(isVolatileAt(Buffer.from(text), 0)).toBe(expected)
})

test.each([
  ['~', true],
  ['null', true],
  ['', true],
  ["'2026-01-07'", true],
  ['"1', false],
  ['"', false],
  ['"2026-01-07" x', false],
  ['&a 1', false],
  ['!!str 1', false],
  ['|\n  1', false],
])('of YAML and TOML, as written: %j, %j', (written, expected) => {
  expect(isVolatileWritten(written)).toBe(expected)
})

test.each([
  [undefined, true],
  [null, true],
  [1, true],
  [true, false],
  [false, false],
  ['2026-01-07', true],
  ['a word', false],
  [{ seconds: 1, nanos: null }, true],
  [{ seconds: 1, isExact: true }, false],
  [[1, ['a word']], false],
] as const)('of what a parser read: %j, %j', (value, expected) => {
  expect(isVolatileValue(value)).toBe(expected)
})

test('texts that are almost one are told soon', () => {
  const startMs = cpuMs()
  for (const piece of ['1', '1a', 'a', '1-', '1:', ' ', 'jan ', 'mon ', '1_', '(', '2026-01-07 '])
    for (let count = 0; count < 1_000; count += 1) isVolatileText(`${piece.repeat(80).slice(0, 79)}.`)
  expect(cpuMs() - startMs).toBeLessThan(1_000)
})
