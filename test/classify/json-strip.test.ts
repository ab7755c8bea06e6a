import { expect, test } from 'vitest'
import { strippedDigest, volatileSpans } from '../../src/classify/json-strip.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { damaged, drawModel, edited, pick, printed, scattered, seeded, styles } from '../support/json-documents.ts'
import { withoutVolatile } from '../support/json-documents.ts'

const keys = createVolatileKeys(['last_update', 'timestamp', 'session_id', 'updated_at', 'last_seen', 'heartbeat'])
const seed = 20_261_120

function digest(text: string | Uint8Array): string | null {
  return strippedDigest(typeof text === 'string' ? Buffer.from(text) : text, keys)
}

function stripped(text: string): string | null {
  const bytes = Buffer.from(text)
  const cuts = volatileSpans(bytes, keys)
  if (cuts === null) return null
  const kept: Buffer[] = []
  for (let index = 0; index <= cuts.length; index += 2) {
    kept.push(bytes.subarray(index === 0 ? 0 : cuts[index - 1], cuts[index] ?? bytes.length))
  }
  return Buffer.concat(kept).toString()
}

/** Strict UTF-8, then the engine's own parser: what "analysable" must agree with. */
function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return true
  } catch {
    return false
  }
}

test('20,000 documents in any spacing read without their volatile members as if those had never been written', () => {
  const draw = seeded(seed)
  let removed = 0
  for (let count = 0; count < 20_000; count++) {
    const { text, expected } = scattered(draw, drawModel(draw))
    if (text !== expected) removed++
    expect(stripped(text), `seed ${seed}, document ${count}: ${text}`).toBe(expected)
  }
  expect(removed).toBeGreaterThan(5_000)
})

test('of 10,000 edits, exactly those that leave everything but volatile members alone count as none', () => {
  const draw = seeded(seed + 1)
  const seen = { equal: 0, different: 0 }
  for (let count = 0; count < 10_000; count++) {
    const style = pick(draw, styles)
    const before = drawModel(draw)
    const after = edited(draw, before)
    const [one, other] = [printed(before, style), printed(after, style)]
    const isSame = printed(withoutVolatile(before), style) === printed(withoutVolatile(after), style)
    if (one !== other) seen[isSame ? 'equal' : 'different']++
    expect(digest(one) === digest(other), `seed ${seed + 1}, edit ${count}: ${one} -> ${other}`).toBe(isSame)
  }
  expect(seen.equal).toBeGreaterThan(1_000)
  expect(seen.different).toBeGreaterThan(1_000)
})

test('20,000 damaged documents are analysable exactly when strict UTF-8 and JSON.parse take them', () => {
  const draw = seeded(seed + 2)
  let refused = 0
  for (let count = 0; count < 20_000; count++) {
    const bytes = damaged(draw, Buffer.from(scattered(draw, drawModel(draw)).text))
    const isAnalysable = parses(bytes)
    if (!isAnalysable) refused++
    expect(volatileSpans(bytes, keys) !== null, `seed ${seed + 2}: ${Buffer.from(bytes).toString('hex')}`).toBe(
      isAnalysable,
    )
  }
  expect(refused).toBeGreaterThan(5_000)
  expect(refused).toBeLessThan(19_000)
})

const equal: readonly (readonly [string, string, string])[] = [
  ['an object without the member, and with only it', '{}', '{"timestamp":1}'],
  ['a moment in parts', '{"a":1,"timestamp":{"seconds":1,"nanos":2}}', '{"a":1,"timestamp":{"seconds":3}}'],
  ['an array of numbers', '{"timestamp":[1,2],"a":1}', '{"timestamp":[],"a":1}'],
  ['the only member, indented', '{}', '{\n  "timestamp": 1\n}'],
  ['only volatile members', '{}', '{"timestamp":1, "lastUpdate": 2 }'],
  ['a member added in front, compact', '{"a":1}', '{"timestamp":1,"a":1}'],
  ['a member added in front, indented', '{\n  "a": 1\n}', '{\n  "timestamp": 1,\n  "a": 1\n}'],
  ['a member added in the middle', '{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 1,\n  "timestamp": 1,\n  "b": 2\n}'],
  ['a member added at the end', '{\n  "a": 1\n}', '{\n  "a": 1,\n  "timestamp": 1\n}'],
  ['a member moved', '{"timestamp":1,"a":1,"b":2}', '{"a":1,"b":2,"timestamp":1}'],
  ['a value of another type', '{"timestamp":1}', '{"timestamp":"2026-01-07T10:00:00Z"}'],
  ['an id', '{"session_id":"9b2d1c7e-5f3a"}', '{"session_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}'],
  ['one inside an object of such a name', '{"heartbeat":{"a":1,"timestamp":3}}', '{"heartbeat":{"a":1}}'],
  ['a name written with an escape', '{"a":1}', '{"a":1,"\\u0074imestamp":1}'],
  ['a name in camel case', '{"a":1}', '{"a":1,"lastUpdate":1}'],
  ['a name in capitals', '{"a":1}', '{"a":1,"TIMESTAMP":1}'],
  ['a name with a hyphen', '{"a":1}', '{"a":1,"session-id":1}'],
  ['a name with a dot and a space', '{"a":1}', '{"a":1,"last.update":1,"Last Seen":2}'],
  ['a volatile name given twice', '{"a":1,"timestamp":1}', '{"a":1,"timestamp":2,"timestamp":3}'],
  ['members in the elements of an array', '[{"timestamp":1},{"a":1}]', '[{},{"a":1,"timestamp":9}]'],
  ['a byte order mark on both sides', '\ufeff{"timestamp":1}', '\ufeff{"timestamp":2}'],
]

test.each(equal)('a volatile difference is none: %s', (_, one, other) => {
  expect(digest(one)).not.toBeNull()
  expect(digest(one)).toBe(digest(other))
})

const different: readonly (readonly [string, string, string])[] = [
  ['an object of a volatile name', '{"heartbeat":{"url":"a"}}', '{"heartbeat":{"url":"b"}}'],
  ['an object with a word in it', '{"timestamp":{"at":1,"by":"a"}}', '{"timestamp":{"at":1,"by":"b"}}'],
  ['a switch in an array', '{"heartbeat":[1,true]}', '{"heartbeat":[1,false]}'],
  ['a schema', '{"timestamp":{"type":"string"}}', '{"timestamp":{"type":"number"}}'],
  ['a type', '{"timestamp":"string"}', '{"timestamp":"date"}'],
  ['a duration', '{"heartbeat":"30s"}', '{"heartbeat":"60s"}'],
  ['a switch', '{"heartbeat":true}', '{"heartbeat":false}'],
  ['brackets and quotes inside a string', '{"timestamp":"}]\\"","a":1}', '{"a":1}'],
  ['a real name given twice', '{"a":1,"a":2}', '{"a":2}'],
  ['1.0 for 1', '{"a":1.0}', '{"a":1}'],
  ['integers beyond 2^53', '{"a":9007199254740993}', '{"a":9007199254740992}'],
  ['numbers beyond the range of a double', '{"a":1e400}', '{"a":1e500}'],
  ['-0 for 0', '{"a":-0}', '{"a":0}'],
  ['line ends', '{\r\n"a":1}', '{\n"a":1}'],
  ['a final newline', '{"a":1}\n', '{"a":1}'],
  ['a byte order mark added', '\ufeff{"a":1}', '{"a":1}'],
  ['the length of an array', '[1,1]', '[1,1,1]'],
  ['a value below __proto__', '{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}'],
  ['a string that reads timestamp', '{"a":"timestamp"}', '{"a":"timestamq"}'],
  ['lone surrogates as escapes', '{"a":"\\ud800"}', '{"a":"\\udc00"}'],
  ['space between empty braces', '{ }', '{}'],
  ['two words of camel case', '{"TimeStamp":1}', '{"TimeStamp":2}'],
  ['a longer name', '{"timestamps":1}', '{"timestamps":2}'],
  ['a name with a quote before it', '{"\\"timestamp":1}', '{"\\"timestamp":2}'],
  ['a member beside the volatile one', '{"timestamp":1,"a":1}', '{"timestamp":1,"a":2}'],
  ['null for an empty object', '{"a":null}', '{"a":{"timestamp":1}}'],
]

test.each(different)('a real difference is seen: %s', (_, one, other) => {
  expect(digest(one)).not.toBeNull()
  expect(digest(other)).not.toBeNull()
  expect(digest(one)).not.toBe(digest(other))
})

const refused: readonly (readonly [string, string | Uint8Array])[] = [
  ['a trailing comma in an object', '{"a":1,}'],
  ['a trailing comma in an array', '[1,]'],
  ['a leading comma', '{,"a":1}'],
  ['a comment', '{"a":1} // note'],
  ['NaN', '{"a":NaN}'],
  ['NaN inside a volatile value', '{"timestamp":NaN}'],
  ['an empty file', ''],
  ['white space only', ' \n\t'],
  ['a byte order mark only', '\ufeff'],
  ['two byte order marks', '\ufeff\ufeff{}'],
  ['a truncated object', '{"a":1'],
  ['a truncated string', '{"a":"'],
  ['a truncated escape', '"\\u00'],
  ['two documents', '{} {}'],
  ['a tail of NUL', '{}\0'],
  ['a control character in a string', '{"a":"\u0001"}'],
  ['a control character in a name', '{"\t":1}'],
  ['a wrong bracket', '[1}'],
  ['a missing colon', '{"a" 1}'],
  ['a missing value inside a volatile member', '{"timestamp":}'],
  ['a leading zero', '[01]'],
  ['a lone minus', '[-]'],
  ['invalid UTF-8 in a string', Uint8Array.of(0x22, 0xff, 0x22)],
  [
    'invalid UTF-8 inside a volatile value',
    Buffer.concat([Buffer.from('{"timestamp":"'), Uint8Array.of(0xff, 0x22, 0x7d)]),
  ],
  ['an overlong slash', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
  ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
  ['a character above U+10FFFF', Uint8Array.of(0x22, 0xf4, 0x90, 0x80, 0x80, 0x22)],
]

test.each(refused)('not analysable: %s', (_, text) => {
  expect(digest(text)).toBeNull()
  expect(parses(Buffer.from(text))).toBe(false)
})

test('letters are folded in ASCII only: a Kelvin sign is no k', () => {
  const ticks = createVolatileKeys(['tick'])
  const of = (text: string): string | null => strippedDigest(Buffer.from(text), ticks)
  expect(of('{"TICK":1}')).toBe(of('{}'))
  expect(of('{"tic\u212a":1}')).not.toBe(of('{}'))
})

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

test('a document is analysable up to 1,024 levels, and a million levels cost neither stack nor time', () => {
  expect(digest(nested(1024))).not.toBeNull()
  expect(digest(nested(1025))).toBeNull()
  expect(digest('{"a":'.repeat(1024) + '{}' + '}'.repeat(1024))).toBeNull()
  expect(digest(nested(1_000_000))).toBeNull()
})

test('a document larger than the scratch buffer has the digest of the same text without the members', () => {
  const long = `"${'x'.repeat(70_000)}"`
  const rows = Array.from({ length: 3_000 }, (_, index) => `{"id":${index},"note":"${'y'.repeat(index % 50)}"`)
  const withMembers = `{"long":${long},"timestamp":1,"rows":[${rows.map((row) => `${row},"last_seen":7}`).join(',')}]}`
  const without = `{"long":${long},"rows":[${rows.map((row) => `${row}}`).join(',')}]}`
  expect(digest(withMembers)).toBe(digest(without))
  expect(digest(withMembers)).not.toBe(digest(without.replace('"id":2999', '"id":2998')))
})

test('a piece of a larger buffer is read within its bounds, and what was read before does not matter', () => {
  const around = Buffer.from('{"timestamp":1} {"a":1,"timestamp":5} {')
  const piece = around.subarray(16, 37)
  expect(digest(piece)).toBe(digest('{"a":1}'))
  const reused = Buffer.from('{"timestamp":1,"a":1}')
  digest(reused)
  reused.write('{"timestamq":1,"a":1}')
  expect(digest(reused)).toBe(digest(Buffer.from('{"timestamq":1,"a":1}')))
  expect(digest(reused)).not.toBe(digest('{"a":1}'))
})
