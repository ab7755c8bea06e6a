import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SecretFinding } from '../types.ts'
import { foundAssigned } from './assigned-secrets.ts'
import { foundBeyondPreset, isStandIn, kindOf } from './secret-kinds.ts'

/**
 * Scanned at once, about 1 ms: the loop goes on between two of them. The scanner compares each finding with all others,
 * and five thousand of them in a larger window took two seconds.
 */
const windowBytes = 64 * 1024
/** Longer than any pattern spans, the longest private key included: what one window cuts, the next one has whole. */
const overlapBytes = 16 * 1024
/** git's own measure for binary. */
const binaryHeadBytes = 8_000
const findingsMax = 20

interface Match {
  readonly kind: string
  /** Position in the scanned text. */
  readonly at: number
}

type Scan = (text: string) => Promise<readonly Match[]>

let scanner: Promise<Scan> | null = null

/**
 * Looks for secrets in a blob, window by window; ends with the first window that holds any, since one is enough to hold
 * the file. Binary blobs (NUL in the first 8,000 bytes) are not scanned, UTF-16 with its mark is text. A finding says
 * what and where, never the secret itself.
 */
export async function scanSecrets(bytes: Uint8Array): Promise<readonly SecretFinding[]> {
  const text = textOf(bytes)
  if (text === null) return []
  // Loaded on first use (40 ms, 11 MB): most starts never commit, and none should wait for it.
  scanner ??= loadScanner()
  const scan = await scanner
  let linesBefore = 0
  for (let from = 0; from < text.length; from += windowBytes) {
    if (from > 0) await nextTurn()
    const window = text.slice(from, from + windowBytes + overlapBytes)
    const named = await scan(window)
    const matches = withAssigned(named, foundAssigned(window, text.length <= windowBytes), window)
    if (matches.length > 0) return matches.slice(0, findingsMax).map((match) => located(match, window, linesBefore))
    linesBefore += lineEnds(window, Math.min(windowBytes, window.length))
  }
  return []
}

/** latin1 keeps every byte, valid or not, and every pattern is ASCII. */
function textOf(bytes: Uint8Array): string | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = buffer.length >= 2 ? buffer.readUInt16BE(0) : 0
  const evenLength = buffer.length - (buffer.length % 2)
  if (mark === 0xfffe) return buffer.toString('utf16le')
  if (mark === 0xfeff) return Buffer.from(buffer.subarray(0, evenLength)).swap16().toString('utf16le')
  return buffer.subarray(0, binaryHeadBytes).includes(0) ? null : buffer.toString('latin1')
}

function located({ kind, at }: Match, window: string, linesBefore: number): SecretFinding {
  return { kind, line: 1 + linesBefore + lineEnds(window, at) }
}

function lineEnds(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}

async function loadScanner(): Promise<Scan> {
  // One after the other, as in the journal's `openDatabase`, and for the same reason.
  const { secretLintProfiler } = await import('@secretlint/profiler')
  const { lintSource } = await import('@secretlint/core')
  const { creator, rules } = await import('@secretlint/secretlint-rule-preset-recommend')
  // As shipped it leaves about sixty performance entries behind for each scan, which are searched by the next one.
  secretLintProfiler.mark = () => undefined
  const aws = {
    id: '@secretlint/secretlint-rule-aws',
    // Off as shipped. It brings account ids along, twelve digits that are no secret.
    options: { enableIDScanRule: true },
    allowMessageIds: ['AWSAccountID'],
  }
  const scanning = {
    ...creator,
    create(context: Parameters<typeof creator.create>[0]) {
      // A comment in the very file must not wave it through; that is the user's acknowledgement's to do. (The preset
      // ignores `disabled` for its own rules.)
      for (const rule of rules) if (!rule.meta.id.endsWith('-filter-comments')) context.registerRule(rule)
    },
  }
  const config = { rules: [{ id: creator.meta.id, rule: scanning, rules: [aws] }] }
  return async (content) => {
    // One name for all: odd names end the process, and the name of this one switches on a check of package files.
    const source = { content, filePath: 'package.json', ext: '', contentType: 'text' as const }
    const { messages } = await lintSource({ source, options: { config, noPhysicFilePath: true } })
    const found = messages
      .filter(({ ruleId, range }) => !isStandIn(ruleId, content.slice(...range)))
      .map(({ ruleId, range }) => ({ kind: kindOf(ruleId), at: range[0] }))
    return distinct([...found, ...foundBeyondPreset(content)], content)
  }
}

/** What is known by its own form is told by that name; the name that it is given to tells of the others. */
function withAssigned(named: readonly Match[], assigned: readonly Match[], text: string): readonly Match[] {
  const lineOf = ({ at }: Match): number => text.lastIndexOf('\n', at - 1)
  const told = new Set(named.map(lineOf))
  return distinct([...named, ...assigned.filter((match) => !told.has(lineOf(match)))], text)
}

/** By place; one line that two patterns recognise as the same kind is told once. */
function distinct(matches: readonly Match[], text: string): readonly Match[] {
  const told = new Set<string>()
  return matches
    .toSorted((a, b) => a.at - b.at)
    .filter(({ kind, at }) => {
      const key = `${text.lastIndexOf('\n', at - 1)} ${kind}`
      if (told.has(key)) return false
      told.add(key)
      return true
    })
}
