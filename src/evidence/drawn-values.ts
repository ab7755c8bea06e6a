import type { FoundSecret } from './assigned-secrets.ts'
import { entropy, isDrawn } from './secret-values.ts'
import { isFiller, isReference } from './secret-words.ts'
import { looksLikeSettings } from './settings-text.ts'

/** In a larger file what looks drawn is data. */
const textMax = 16 * 1024
const linesMax = 200
/** In so short a file a value needs no name. */
const fewLines = 5

const naming = String.raw`(?:(?:export[ \t]+)?["']?([\w.-]{1,60})["']?[ \t]{0,4}[=:][ \t]{0,4})?`
const line = new RegExp(String.raw`^[ \t]{0,20}(?:-[ \t]+)?${naming}["']?([\w+/=-]{32,200})["']?[,;]?\r?$`)
/** What such a name is given is drawn, and no secret. */
const openNames = new RegExp(
  'sum|sha|md5|hash|digest|integrity|sig|etag|finger|pub|cert|secure$|encrypted|id(?:-?\\d)?$|uuid|guid|commit|rev|' +
    'version|nonce|iv$|salt|image|icon|data|src|url|cursor|state|index|key$|^tag$',
  'i',
)
const block = /^\s*["']?[\w+/=-]{40,}["']?,?\s*$/

/**
 * Long drawn values in a small file of settings, whatever they are called. Left alone are digits of base 16, which
 * object ids and checksums are, and lines of one width, which are a picture or a certificate.
 */
export function foundDrawn(text: string): readonly FoundSecret[] {
  if (text.length > textMax || /-----BEGIN|public key/i.test(text)) return []
  const lines = text.split('\n')
  const isShort = lines.length <= fewLines
  if (lines.length > linesMax || (!isShort && !looksLikeSettings(text))) return []
  const found: FoundSecret[] = []
  let at = 0
  for (const [index, one] of lines.entries()) {
    const [, name = '', value = ''] = line.exec(one) ?? []
    const isInBlock = [lines[index - 1], lines[index + 1]].some((other) => other !== undefined && block.test(other))
    if (value !== '' && (name !== '' || isShort) && !isInBlock && !openNames.test(name) && isKey(value))
      found.push({ kind: 'drawn value', at })
    at += one.length + 1
  }
  return found
}

function isKey(value: string): boolean {
  // Numbers, what a framework has encrypted, and public keys by how they begin.
  if (
    /^(?:0x)?[\da-f-]+$|--|^(?:age1|npub1|xpub|AAAA)/i.test(value) ||
    !/\d/.test(value) ||
    isReference(value) ||
    isFiller(value)
  )
    return false
  return isDrawn(value) && entropy(value) >= 4
}
