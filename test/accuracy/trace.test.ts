import { expect, test } from 'vitest'
import { parseTrace } from '../../src/accuracy/trace.ts'

const head = '{"trace":1,"scenario":"a","about":"b"}'
const entry = { path: 'a.md', by: 'person', class: 'notes', wanted: 'sync', before: null, now: 'x' }

test('a trace is a header and a path a line; what is left out is as plain as can be', () => {
  const parsed = parseTrace(`${head}\n${JSON.stringify(entry)}\n`)
  expect(parsed).toEqual({
    kind: 'trace',
    trace: { scenario: 'a', entries: [{ ...entry, kind: 'file', executable: false, staging: 'none' }] },
  })
})

test.each([
  ['', 1, 'a trace begins with'],
  ['{"trace":2,"scenario":"a","about":"b"}', 1, 'a trace begins with'],
  [`${head}\nnonsense`, 2, 'expected object'],
  [`${head}\n${JSON.stringify({ ...entry, wanted: 'maybe' })}`, 2, 'wanted'],
  [`${head}\n${JSON.stringify({ ...entry, extra: 1 })}`, 2, 'extra'],
  [`${head}\n${JSON.stringify(entry)}\n${JSON.stringify({ ...entry, now: null })}`, 3, 'nothing there'],
])('a mistake is told with its line: %j', (text, line, problem) => {
  const parsed = parseTrace(text)
  expect(parsed).toMatchObject({ kind: 'mistaken', line })
  expect(parsed.kind === 'mistaken' ? parsed.problem : '').toContain(problem)
})
