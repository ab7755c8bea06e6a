import { setImmediate as nextTurn } from 'node:timers/promises'
import { SyncError } from '../errors.ts'
import type { SecretFinding } from '../types.ts'
import { foundAssigned, type FoundSecret } from './assigned-secrets.ts'
import { decodedText, textOf } from './blob-text.ts'
import { foundDrawn } from './drawn-values.ts'
import { createSearch } from './forms.ts'
import { foundInAddresses } from './login-addresses.ts'
import { commandForms } from './login-commands.ts'
import { placeForms } from './login-places.ts'
import { programForms } from './program-keys.ts'
import { foundInTables } from './login-tables.ts'
import { hashForms } from './password-hashes.ts'
import { foundEncodedKeys, keyForms, storeOf } from './private-keys.ts'
import { loadPreset, type Scan } from './secret-preset.ts'
import { foundOnLines, loginForms } from './stored-logins.ts'
import { prefixForms } from './token-prefixes.ts'
import { tokenForms } from './vendor-tokens.ts'
import { webTokenForms } from './web-tokens.ts'

/**
 * Scanned at once, about 1 ms: the loop goes on between two of them. The scanner compares each finding with all others,
 * and five thousand of them in a larger window took two seconds.
 */
const windowBytes = 64 * 1024
/** Longer than any pattern spans, the longest private key included: what one window cuts, the next one has whole. */
const overlapBytes = 16 * 1024
const findingsMax = 20

let scanner: Promise<Scan> | null = null

/** @throws SyncError when it cannot be had: what nobody can look through stays here, and is looked at again. */
async function presetScan(): Promise<Scan> {
  // Loaded on first use (40 ms, 11 MB): most starts never commit, and none should wait for it.
  scanner ??= loadPreset()
  try {
    return await scanner
  } catch (error) {
    scanner = null
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    const hint = 'it is tried again; if that does not help, install workspace-sync anew, then workspace-sync restart'
    throw new SyncError('system', `the scanner for secrets cannot be loaded: ${why}`, hint, error)
  }
}

/**
 * Looks for secrets in a blob, window by window; ends with the first window that holds any, since one is enough to hold
 * the file. Of binary blobs only key stores are known; UTF-16 is text, and so is what a file of base64 stands for. A
 * finding says what and where, never the secret itself. @throws SyncError when the scanner cannot be loaded.
 */
export async function scanSecrets(bytes: Uint8Array): Promise<readonly SecretFinding[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const store = storeOf(buffer)
  if (store !== null) return [{ kind: store, line: null }]
  const text = textOf(buffer)
  if (text === null) return []
  const found = await scanText(text)
  if (found.length > 0) return found
  const decoded = decodedText(text)
  return decoded === null ? [] : (await scanText(decoded)).slice(0, 1).map(({ kind }) => ({ kind, line: 1 }))
}

async function scanText(text: string): Promise<readonly SecretFinding[]> {
  const scan = await presetScan()
  let linesBefore = 0
  for (let from = 0; from < text.length; from += windowBytes) {
    if (from > 0) await nextTurn()
    const window = text.slice(from, from + windowBytes + overlapBytes)
    const isWhole = text.length <= windowBytes
    const named = distinct([...(await scan(window)), ...foundByForm(window, isWhole)], window)
    const assigned = distinct(foundAssigned(window), window)
    const drawn = isWhole ? foundDrawn(window) : []
    const matches = besides(besides(named, assigned, window), drawn, window)
    if (matches.length > 0) return matches.slice(0, findingsMax).map((match) => located(match, window, linesBefore))
    linesBefore += lineEnds(window, Math.min(windowBytes, window.length))
  }
  return []
}

const search = createSearch([
  ...keyForms,
  ...tokenForms,
  ...prefixForms,
  ...webTokenForms,
  ...hashForms,
  ...loginForms,
  ...commandForms,
  ...placeForms,
  ...programForms,
])

/** @param isWhole not a part of a larger text: a file may be a key and nothing else. */
function foundByForm(text: string, isWhole: boolean): readonly FoundSecret[] {
  return [
    ...search(text),
    ...foundEncodedKeys(text),
    ...foundOnLines(text, isWhole),
    ...foundInAddresses(text),
    ...foundInTables(text),
  ]
}

function located({ kind, at }: FoundSecret, window: string, linesBefore: number): SecretFinding {
  return { kind, line: 1 + linesBefore + lineEnds(window, at) }
}

function lineEnds(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** What is known by its own form is told by that; the name that it is given to tells of the others. */
function besides(known: readonly FoundSecret[], more: readonly FoundSecret[], text: string): readonly FoundSecret[] {
  const lineOf = ({ at }: FoundSecret): number => text.lastIndexOf('\n', at - 1)
  const told = new Set(known.map(lineOf))
  return distinct([...known, ...more.filter((match) => !told.has(lineOf(match)))], text)
}

/** By place; one line that two patterns recognise as the same kind is told once. */
function distinct(matches: readonly FoundSecret[], text: string): readonly FoundSecret[] {
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
