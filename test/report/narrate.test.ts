import { expect, test } from 'vitest'
import { describe, type Report, type ReportLevel } from '../../src/report/report.ts'

const pause = (name: string): Report => ({ kind: 'paused', pause: { name, detail: 'd', stops: 'commit' } })

test.each<[string, Report, ReportLevel]>([
  ['what somebody should hear', { kind: 'notice', text: 't' }, 'warn'],
  ['how it goes on', { kind: 'news', text: 't' }, 'info'],
  ['a pause', pause('behind'), 'warn'],
  ['the end of a pause', { kind: 'resumed', name: 'behind' }, 'info'],
  ['the look at the tree with which every start begins', pause('first-look'), 'debug'],
  ['its end', { kind: 'resumed', name: 'first-look' }, 'debug'],
])('%s has its loudness', (_, report, level) => {
  expect(describe(report).level).toBe(level)
})
