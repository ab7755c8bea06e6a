import { expect, test } from 'vitest'
import { createNarration, demoOpening, demoSummary } from '../../src/cli/messages/demo.ts'
import type { DemoResult, FileFate } from '../../src/demo/demo.ts'
import { personsActs } from '../../src/demo/script.ts'
import type { Report } from '../../src/report/report.ts'
import { decidedOn } from '../support/verdicts.ts'

const fate = (path: string, over: Partial<FileFate>): FileFate => ({
  path,
  by: 'person',
  writes: 1,
  commits: 1,
  state: 'synced',
  reason: '',
  ...over,
})

const result = (over: Partial<DemoResult>): DemoResult => ({
  commits: [],
  files: [],
  tookMs: 32_400,
  isComplete: true,
  kept: null,
  ...over,
})

const blocked = decidedOn('a.json')

test('a decision is told the first time, and again for another path', () => {
  const narrate = createNarration(false)
  const told = (report: Report) => narrate({ kind: 'report', report }, 1_234)
  expect(told(blocked)).toEqual(['  1.2 s blocked  a.json (content: no news)'])
  expect(told(blocked)).toEqual([])
  expect(told({ ...blocked, path: 'b.json' })).toHaveLength(1)
})

test('trouble of the daemon is told whatever it is', () => {
  const narrate = createNarration(false)
  const pause = { name: 'offline', detail: 'the remote is away', stops: 'push' } as const
  expect(narrate({ kind: 'report', report: { kind: 'paused', pause } }, 0).join()).toContain('the remote is away')
  expect(narrate({ kind: 'report', report: { kind: 'notice', text: 'no space' } }, 0).join()).toContain('no space')
})

test('colors mark what became of a file, on a terminal only', () => {
  const event = { kind: 'report', report: blocked } as const
  expect(createNarration(true)(event, 0)[0]).toContain('\u001b[33mblocked \u001b[0m')
  expect(createNarration(false)(event, 0)[0]).not.toContain('\u001b')
})

test('no line is longer than 80 columns, nor lets a name act on the terminal', () => {
  const reason = 'looks like a secret: take it out or ignore it, or if it may be shared, say so yourself '
    .repeat(3)
    .trim()
  const narrate = createNarration(false)
  const held: Report = { kind: 'held', held: [{ path: 'deploy/settings.yaml', reason }], facts: [] }
  const summary = demoSummary(
    result({
      files: [
        fate('a.md', {}),
        fate('\u001b[2Jb', { commits: 0, state: 'held', reason }),
        fate('c', { state: 'slow' }),
      ],
      kept: null,
    }),
    true,
  )
  const acts = personsActs('key', 1).flatMap((act) => narrate({ kind: 'act', act }, act.atMs))
  const lines = [...narrate({ kind: 'report', report: held }, 0), ...acts, ...summary.split('\n')]
  for (const line of [...lines, ...demoOpening(['a=1s']).split('\n')]) expect(line.length, line).toBeLessThanOrEqual(80)
  expect(lines.join('')).not.toContain('\u001b')
})

test('the summary counts commits that hold nothing but what programs wrote', () => {
  const files = [fate('state.txt', { by: 'program', writes: 9, state: 'slow', reason: 'too often' }), fate('a.md', {})]
  const commits = [
    { oid: '1', paths: ['a.md'] },
    { oid: '2', paths: ['state.txt'] },
    { oid: '3', paths: ['state.txt', 'a.md'] },
  ]
  const text = demoSummary(result({ files, commits }), false).replaceAll('\n', ' ')
  expect(text).toContain('wrote 9 times in 32.4 s. The remote got 3 commits, of which 1 hold nothing but')
  expect(text).toContain('its newest version waits: too often')
})

test('a demo that was stopped says so, and where it lies if it was kept', () => {
  const text = demoSummary(result({ isComplete: false, kept: '/tmp/x' }), true)
  expect(text).toContain('Stopped before its end')
  expect(text).toContain('/tmp/x')
  expect(text).toContain('nothing new')
  expect(text).toContain('npm start -- -C <workspace>')
})
