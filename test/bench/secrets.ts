/**
 * `npm run bench -- secrets <folder>…`: what the guard would hold of the files of a folder, and what looking at them
 * costs. On the sources of an ordinary project everything held is a false hold, or a secret that lies there.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { secretByName } from '../../src/classify/classify.ts'
import { lookInside } from '../../src/evidence/evidence.ts'
import { pathBytes, type Inside } from '../../src/types.ts'
import type { BenchRow } from './row.ts'

/** As `guard.maxFileSize`: a larger file is held for its size. */
const fileBytesMax = 50 * 1024 * 1024

export interface SecretsBench {
  readonly rows: readonly BenchRow[]
  /** A line for each held file. */
  readonly held: readonly string[]
}

export async function benchSecrets(folder: string): Promise<SecretsBench> {
  const held: string[] = []
  let [files, bytes, tookMs] = [0, 0, 0]
  const delay = monitorEventLoopDelay({ resolution: 1 })
  // The scanner is loaded at its first use.
  await lookInside(new Uint8Array())
  delay.enable()
  for (const file of filesBelow(folder)) {
    const content = readFileSync(file)
    if (content.length > fileBytesMax) continue
    const startMs = performance.now()
    const inside = await lookInside(content)
    tookMs += performance.now() - startMs
    files++
    bytes += content.length
    const why = reasons(relative(folder, file), inside)
    if (why.length > 0) held.push(`${relative(folder, file)}: ${why.join(', ')}`)
    await new Promise(setImmediate)
  }
  delay.disable()
  const rows: readonly BenchRow[] = [
    { name: 'files', value: files, unit: '', reach: '' },
    { name: 'held', value: held.length, unit: '', reach: '' },
    { name: 'held of 1,000 files', value: rounded((1_000 * held.length) / Math.max(1, files)), unit: '', reach: '< 1' },
    { name: 'speed', value: rounded(bytes / 1e6 / (tookMs / 1_000)), unit: 'MB/s', reach: '' },
    { name: 'longest time without a turn of the loop', value: rounded(delay.max / 1e6), unit: 'ms', reach: '<= 200' },
  ]
  return { rows, held }
}

function reasons(path: string, { secrets, substance, conflictLine }: Inside): readonly string[] {
  const byName = secretByName(pathBytes(path), substance)
  const all = byName === null ? secrets : [byName, ...secrets]
  return [
    ...all.slice(0, 3).map(({ kind, line }) => (line === null ? kind : `${kind} in line ${line}`)),
    ...(conflictLine === null ? [] : [`merge conflict in line ${conflictLine}`]),
  ]
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== '.git') yield* filesBelow(path)
    else if (entry.isFile()) yield path
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
