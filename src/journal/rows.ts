/** How a record becomes a row of its table, and back. */
import { z } from 'zod'
import { pathOfLatin1 } from '../types.ts'
import type { CommitRecord, DecisionRecord, OutcomeRecord } from './records.ts'
import type { Cell } from './tables.ts'

/** In the order of `insertions.decision`. */
export function decisionCells(record: DecisionRecord): readonly Cell[] {
  const { rule, writer } = record
  const texts = [
    record.verdict,
    record.layer,
    record.reason,
    record.class,
    rule?.action ?? null,
    rule?.glob ?? null,
    rule?.reason ?? null,
    rule?.source ?? null,
    writer?.kind ?? null,
    writer?.name ?? null,
    writer?.tier ?? null,
    writer?.executable ?? null,
    writer?.rule ?? null,
    record.content,
    record.commit,
  ]
  const { path, sinceMs, atMs, count, tookMs } = record
  const numbers = [sinceMs, atMs, count, rule?.line ?? null, tookMs, record.provisional ? 1 : 0]
  return [...texts, Buffer.from(path, 'latin1'), ...numbers]
}

const bytes = z.union([z.instanceof(ArrayBuffer), z.instanceof(Uint8Array)])
const text = bytes.transform((value) => Buffer.from(value as ArrayBuffer).toString('utf8'))
const texts = text.nullable()
const oneOf = <const T extends readonly string[]>(values: T) => text.pipe(z.enum(values))
const path = bytes.transform((value) => pathOfLatin1(Buffer.from(value as ArrayBuffer).toString('latin1')))

const decisionRow = z
  .object({
    id: z.number(),
    path,
    since: z.number(),
    at: z.number(),
    count: z.number(),
    verdict: oneOf(['sync', 'block', 'hold']),
    layer: oneOf(['scope', 'rules', 'process', 'content', 'breaker', 'guard', 'default']).nullable(),
    reason: text,
    class: oneOf(['immediate', 'code', 'default', 'slow']).nullable(),
    rule_action: oneOf(['BLOCK', 'ALLOW', 'ANALYZE']).nullable(),
    rule_glob: texts,
    rule_reason: texts,
    rule_source: texts,
    rule_line: z.number().nullable(),
    writer_kind: oneOf(['human', 'agent', 'autonomous', 'self', 'unknown']).nullable(),
    writer_name: texts,
    writer_tier: oneOf(['T0', 'T1', 'T2', 'T3']).nullable(),
    writer_executable: texts,
    writer_rule: texts,
    content: oneOf(['same', 'volatile', 'changed', 'machine']).nullable(),
    took: z.number(),
    provisional: z.number(),
    commit_oid: texts,
  })
  .transform(({ id, ...row }): { readonly id: number; readonly record: DecisionRecord } => ({
    id,
    record: {
      kind: 'decision',
      path: row.path,
      sinceMs: row.since,
      atMs: row.at,
      count: row.count,
      verdict: row.verdict,
      provisional: row.provisional !== 0,
      layer: row.layer,
      reason: row.reason,
      class: row.class,
      rule:
        row.rule_action === null
          ? null
          : {
              action: row.rule_action,
              glob: row.rule_glob ?? '',
              reason: row.rule_reason ?? '',
              source: row.rule_source ?? '',
              line: row.rule_line ?? 0,
            },
      writer:
        row.writer_kind === null
          ? null
          : {
              kind: row.writer_kind,
              name: row.writer_name,
              tier: row.writer_tier,
              executable: row.writer_executable,
              rule: row.writer_rule,
            },
      content: row.content,
      tookMs: row.took,
      commit: row.commit_oid,
    },
  }))

const commitRow = z
  .object({
    oid: text,
    id: text,
    at: z.number(),
    cause: oneOf(['automatic', 'turn', 'asked']),
    writer: texts,
    paths: z.number(),
    took: z.number(),
  })
  .transform(({ oid, id, at, cause, writer, paths, took }): CommitRecord => ({
    kind: 'commit',
    oid,
    id,
    atMs: at,
    trigger: cause,
    writer,
    pathCount: paths,
    tookMs: took,
  }))

const outcomeRow = z
  .object({
    id: z.number(),
    what: oneOf(['started', 'stopped', 'pushed', 'failed', 'paused', 'resumed', 'integrated', 'gap']),
    name: texts,
    oid: texts,
    since: z.number(),
    at: z.number(),
    count: z.number(),
  })
  .transform(({ id, what, name, oid, since, at, count }): { readonly id: number; readonly record: OutcomeRecord } => ({
    id,
    record: { kind: 'outcome', what, name, oid, sinceMs: since, atMs: at, count },
  }))

/** Each null where the row is damaged. */
export const rowOf = {
  decision: (row: unknown) => decisionRow.safeParse(row).data ?? null,
  commit: (row: unknown) => commitRow.safeParse(row).data ?? null,
  outcome: (row: unknown) => outcomeRow.safeParse(row).data ?? null,
} as const
