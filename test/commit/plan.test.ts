import { expect, test } from 'vitest'
import { planCommit } from '../../src/commit/plan.ts'
import { pathBytes } from '../../src/types.ts'
import { goodGuard } from '../support/judging.ts'
import type { Decision, GuardEvidence, TreeEntry, Verdict } from '../../src/types.ts'

const [old, fresh] = ['a'.repeat(40), 'b'.repeat(40)]
const place = { ref: 'refs/heads/main', base: 'c'.repeat(40) }
const signature = { host: 'h', writer: null, template: 'sync: {summary}', skipCi: false }

interface Facts {
  readonly decision?: Decision
  readonly base?: TreeEntry | null
  readonly blob?: GuardEvidence['blob']
  readonly isUnguarded?: boolean
}

function verdict(name: string, { decision = 'sync', base = null, blob = null, isUnguarded = false }: Facts): Verdict {
  const path = pathBytes(name)
  const guard = { ...goodGuard, blob }
  const evidence = { path, entry: null, base, ...(isUnguarded ? {} : { guard }) }
  return { path, decision, layer: 'default', class: 'code', reason: '', rule: null, content: null, evidence, trail: [] }
}

const blob = (oid: string, mode: '100644' | '100755' = '100644') => ({ oid, mode, sizeBytes: 1 })

function entriesOf(...verdicts: readonly Verdict[]) {
  const result = planCommit('id', place, verdicts, signature)
  return result.kind === 'plan' ? result.plan.entries : result.reason
}

test('exactly the blob that the guard saw is planned, sorted by path', () => {
  const planned = entriesOf(
    verdict('z', { blob: blob(fresh) }),
    verdict('a', { base: { mode: '100644', oid: old }, blob: blob(fresh, '100755') }),
    verdict('m', { base: { mode: '100644', oid: old } }),
  )
  expect(planned).toEqual([
    { path: 'a', mode: '100755', oid: fresh },
    { path: 'm', mode: null, oid: null },
    { path: 'z', mode: '100644', oid: fresh },
  ])
})

test('what is as at the base, was never there, is held or blocked, or was never guarded is not planned', () => {
  expect(
    entriesOf(
      verdict('same', { base: { mode: '100644', oid: old }, blob: blob(old) }),
      verdict('made-and-gone', {}),
      verdict('held', { decision: 'hold', blob: blob(fresh) }),
      verdict('blocked', { decision: 'block', blob: blob(fresh) }),
      verdict('unguarded', { base: { mode: '100644', oid: old }, isUnguarded: true }),
    ),
  ).toBe('nothing')
})

test('a changed mode alone is a change', () => {
  const base = { mode: '100644', oid: old } as const
  expect(entriesOf(verdict('run', { base, blob: blob(old, '100755') }))).toHaveLength(1)
})

test('on no branch there is no plan', () => {
  const result = planCommit('id', { ...place, ref: null }, [verdict('a', { blob: blob(fresh) })], signature)
  expect(result).toEqual({ kind: 'refusal', reason: 'detached' })
})

test('two verdicts on one path: the later look counts', () => {
  expect(entriesOf(verdict('a', { blob: blob(old) }), verdict('a', { blob: blob(fresh) }))).toEqual([
    { path: 'a', mode: '100644', oid: fresh },
  ])
})
