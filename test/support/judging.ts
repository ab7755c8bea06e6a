import { createHash } from 'node:crypto'
import { compileRules, createClassifier, type Classifier, type ClassifyOptions } from '../../src/classify/classify.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import {
  pathBytes,
  type DiskEntry,
  type Evidence,
  type GuardEvidence,
  type LayerName,
  type Need,
} from '../../src/types.ts'
import type { PathBytes, TreeEntry, Verdict, Writer } from '../../src/types.ts'

/** Facts about one path as a world would show them; what is left out is as harmless as can be. */
export interface World extends Partial<Omit<Evidence, 'path'>> {
  readonly depth?: 'early' | 'full'
}

export const unknownWriter: Writer = {
  kind: 'unknown',
  name: null,
  tier: null,
  confidence: 0,
  policy: null,
  session: null,
}

export const plainFile: DiskEntry = {
  kind: 'file',
  executable: false,
  sizeBytes: 1,
  changedAtMs: 0,
  fingerprint: '1',
}

export function blobOid(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

export function committed(bytes: Uint8Array | string, mode: TreeEntry['mode'] = '100644'): TreeEntry {
  return { mode, oid: blobOid(Buffer.from(bytes)) }
}

/** A blob that nothing is wrong with, other than the one at HEAD. */
export const goodGuard: GuardEvidence = {
  blob: { oid: 'f'.repeat(40), mode: '100644', sizeBytes: 10 },
  secrets: [],
  whole: true,
  staging: 'none',
  substance: 'values',
  conflictLine: null,
  massDeletion: false,
  diverged: false,
  acknowledged: false,
}

export function classifierWith(ruleLines: string, options: Partial<ClassifyOptions> = {}): Classifier {
  const file = { level: 'workspace', source: 'test.rules', text: ruleLines } as const
  const { rules, mistakes } = compileRules([file], 'ANALYZE')
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes))
  return createClassifier({
    rules,
    codeExtensions: new Set(['ts', 'md', 'json', 'makefile', 'gitignore']),
    volatileKeys: ['timestamp', 'last_update'],
    guard: { maxFileBytes: 1024 },
    parsers,
    ...options,
  })
}

export interface Judged {
  readonly verdict: Verdict
  /** What was asked for, in order. */
  readonly needs: readonly Need[]
}

/** Drives the question to its end, as the daemon does, without waiting for anything. */
export function judged(classifier: Classifier, name: string, world: World = {}): Judged {
  return judgedPath(classifier, pathBytes(name), world)
}

export function judgedPath(classifier: Classifier, path: PathBytes, world: World = {}): Judged {
  const { depth = 'early', entry = plainFile, ...facts } = world
  const all: Omit<Evidence, 'path' | 'entry'> = {
    scope: null,
    base: null,
    writer: unknownWriter,
    bytes: Buffer.from('new'),
    baseBytes: Buffer.from('old'),
    growth: null,
    lane: { kind: 'normal' },
    guard: goodGuard,
    ...facts,
  }
  let micros = 0
  const question = classifier.judge(path, entry, depth, () => micros++)
  const needs: Need[] = []
  let evidence: Evidence = { path, entry }
  let step = question.next()
  while (step.done !== true) {
    needs.push(step.value)
    evidence = { ...evidence, [step.value]: all[step.value] }
    step = question.next(evidence)
  }
  return { verdict: step.value, needs }
}

export function trailOf({ verdict }: Judged): readonly LayerName[] {
  return verdict.trail.map(({ layer }) => layer)
}
