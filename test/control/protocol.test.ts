import { expect, test } from 'vitest'
import { parseAnswer, parseRequest, verbOf } from '../../src/control/protocol.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'

function parsed(verb: Parameters<typeof parseRequest>[0], value: unknown): unknown {
  const result = parseRequest(verb, JSON.stringify(value))
  return result.kind === 'request' ? result.request : result.failure.name
}

test('verbs are named by address, and unknown ones are none', () => {
  expect(verbOf('/v1/sync')).toBe('sync')
  for (const address of ['/v1/', '/v1/constructor', '/v1/__proto__', '/v2/sync', '/v1/sync/x', '/sync', '']) {
    expect(verbOf(address)).toBeNull()
  }
})

test('any file name survives the way, also one that is not UTF-8', () => {
  const paths = [pathBytes('grün/☃.md'), pathOfLatin1('bad\xff\x80name'), pathBytes('new\nline "quoted"')]
  expect(parsed('sync', { paths })).toEqual({ paths })
  expect(parsed('sync', { paths: null })).toEqual({ paths: null })
})

test.each([
  ['no object', 'sync', null],
  ['a missing member', 'sync', {}],
  ['a member too many', 'ping', { also: 1 }],
  ['text that is no byte string', 'sync', { paths: ['☃'] }],
  ['a NUL byte', 'sync', { paths: ['a\0b'] }],
  ['a path longer than any', 'release', { paths: ['x'.repeat(5_000)] }],
  ['nothing to release', 'release', { paths: [] }],
  ['too many paths', 'sync', { paths: Array.from({ length: 10_001 }, () => 'x') }],
] as const)('refused: %s', (_, verb, value) => {
  expect(parsed(verb, value)).toBe('bad-request')
})

test('a body that is no JSON is refused', () => {
  expect(parseRequest('ping', '{').kind).toBe('refused')
})

test('an answer is checked by its verb', () => {
  const result = { ok: false, held: [{ path: 'a', reason: 'r' }], problem: null }
  expect(parseAnswer('sync', true, JSON.stringify(result))).toEqual(result)
  expect(() => parseAnswer('sync', true, '{"ok":true}')).toThrow('cannot be read')
  expect(() => parseAnswer('sync', true, '<html>')).toThrow('cannot be read')
  expect(() => parseAnswer('status', true, '[]')).toThrow('cannot be read')
})

test('a refusal keeps its words', () => {
  const body = JSON.stringify({ error: { name: 'x', detail: 'too many paths', hint: 'name fewer' } })
  expect(() => parseAnswer('sync', false, body)).toThrow('too many paths')
  expect(() => parseAnswer('sync', false, '{}')).toThrow('cannot be read')
})
