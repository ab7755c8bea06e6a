import { expect, test } from 'vitest'
import { parseAssignment, parseFile } from '../../src/config/parse.ts'

function mistakes(text: string): readonly string[] {
  return parseFile(text, 'c.json').mistakes.map(
    ({ line, column, problem, remedy }) => `${line}:${column} ${problem} — ${remedy}`,
  )
}

function assigned(key: string, text: string): unknown {
  const { given, mistakes: wrong } = parseAssignment(key, text, '--set')
  return wrong.length > 0 ? wrong.map(({ problem }) => problem) : given[0]?.value
}

test('comments, trailing commas and a byte order mark are read over', () => {
  const text = '\uFEFF{ // mine\n  "remote": "backup", /* slow */ "debounce": { "default": "1m", },\n}'
  const { given, mistakes: wrong } = parseFile(text, 'c.json')
  expect(wrong).toEqual([])
  expect(given.map(({ key, value }) => [key, value])).toEqual([
    ['remote', 'backup'],
    ['debounce.default', 60_000],
  ])
  expect(given[1]?.place).toEqual({ source: 'c.json', line: 2, column: 48 })
})

test.each(['', '  \n', '// nothing yet\n', '{}'])('a file without settings sets nothing: %j', (text) => {
  expect(parseFile(text, 'c.json')).toEqual({ given: [], mistakes: [] })
})

test('an unknown key names the nearest known one, at its own place', () => {
  expect(mistakes('{\n  "debounce": { "defualt": "1m" }\n}')).toEqual([
    '2:17 unknown key debounce.defualt — did you mean debounce.default?',
  ])
  expect(mistakes('{ "colour": 1 }')).toEqual([
    '1:3 unknown key colour — see "workspace-sync config show" for the known ones',
  ])
})

test('a wrong unit names the units', () => {
  expect(mistakes('{ "pull": { "interval": "30x" } }')).toEqual([
    '1:25 pull.interval: "30x" is not accepted — expected a duration: a decimal number and one of ms, s, m, h, d, ' +
      'such as "30s"',
  ])
  expect(mistakes('{ "guard": { "maxFileSize": "50M" } }')[0]).toContain('one of B, KB, MB, GB')
})

test('a wrong type says what is expected', () => {
  expect(mistakes('{ "limits": { "commitsPerHour": "ten" } }')[0]).toContain('expected a whole number')
  expect(mistakes('{ "limits": { "commitsPerHour": 2.5 } }')[0]).toContain('2.5 is not accepted')
  expect(mistakes('{ "push": { "enabled": "yes" } }')[0]).toContain('expected true or false')
  expect(mistakes('{ "engine": "git" }')[0]).toContain('expected one of "auto", "native", "embedded"')
  expect(mistakes('{ "debounce": "5s" }')[0]).toContain('debounce: expected an object')
  expect(mistakes('[1]')[0]).toContain('configuration: expected an object')
})

test('a wrong entry of a list is pointed at itself', () => {
  expect(mistakes('{ "retry": { "delays": ["2s",\n "4"] } }')).toEqual([
    expect.stringMatching(/^2:2 retry\.delays: "4" is not accepted/),
  ])
})

test('all mistakes of a file are told, syntax errors alone', () => {
  expect(mistakes('{ "a": 1, "b": 2, "remote": "" }')).toHaveLength(3)
  expect(mistakes('{ "remote": "x"\n "engine": "bad" }')).toEqual([
    '2:2 not valid JSON: comma expected — correct it; comments and trailing commas are allowed',
  ])
})

test('a key given twice is a mistake, for one of them would be ignored', () => {
  expect(mistakes('{ "remote": "a", "remote": "b" }')).toEqual(['1:18 remote is given twice — keep one of them'])
})

test('a file writes sections as objects', () => {
  expect(mistakes('{ "debounce.default": "3s" }')).toEqual([
    '1:3 "debounce.default" is no key of a file — write { "debounce": { "default": ... } }',
  ])
})

test('names of Object.prototype are unknown keys like others', () => {
  expect(mistakes('{ "__proto__": { "remote": "x" }, "constructor": 1, "toString": 2 }')).toHaveLength(3)
})

test('a bottomless file is refused, not a crash', () => {
  expect(mistakes('['.repeat(200_000))).not.toEqual([])
  expect(mistakes('{"a":'.repeat(50_000))).not.toEqual([])
})

test('an assignment is read as the key wants it', () => {
  expect(assigned('debounce.default', '0')).toBe(0)
  expect(assigned('debounce.default', '15ms')).toBe(15)
  expect(assigned('limits.commitsPerHour', '3')).toBe(3)
  expect(assigned('push.enabled', 'false')).toBe(false)
  expect(assigned('remote', 'true')).toBe('true')
  expect(assigned('filters', 'all')).toBe('all')
  expect(assigned('filters', 'litter, agents')).toEqual(['litter', 'agents'])
  expect(assigned('branches', '["main"]')).toEqual(['main'])
  expect(assigned('retry.delays', '1s,2s')).toEqual([1_000, 2_000])
  expect(assigned('content.volatileKeys', '')).toEqual([])
  expect(assigned('classes.code', '.MD,Makefile')).toEqual(['md', 'makefile'])
})

test('an assignment that fits no reading is a mistake', () => {
  expect(assigned('limits.commitsPerHour', 'ten')).toEqual(['limits.commitsPerHour: "ten" is not accepted'])
  expect(assigned('limits.commitPerHour', '3')).toEqual(['unknown key limits.commitPerHour'])
  expect(assigned('guard.massDeletionShare', '1.5')).toEqual(['guard.massDeletionShare: 1.5 is not accepted'])
  expect(assigned('branches', '')).toEqual(['branches: "" is not accepted'])
})

test('a remote or branch that git would take for an option is refused', () => {
  expect(assigned('remote', '--upload-pack=x')).toEqual([expect.stringContaining('is not accepted')])
  expect(assigned('branches', '-d')).toEqual([expect.stringContaining('is not accepted')])
})

test('a message may name only fields that exist', () => {
  expect(assigned('commit.message', 'notes: {summary} in {directory}')).toBe('notes: {summary} in {directory}')
  expect(assigned('commit.message', '{prompt}')).toEqual([expect.stringContaining('is not accepted')])
})

test('a writer pattern must be a regular expression', () => {
  expect(assigned('writers.autonomous', '["a(b"]')).toEqual(['writers.autonomous: "a(b" is not accepted'])
})
