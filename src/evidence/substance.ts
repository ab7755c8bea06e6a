import type { Inside } from '../types.ts'
import { textOf } from './blob-text.ts'
import { isDrawn } from './secret-values.ts'
import { isPlaceholder } from './secret-words.ts'

/** What lies under an alarming name is looked at line by line; more than this is never only remarks. */
const textMax = 64 * 1024

const remark = /^(?:[#;!]|\/\/|--|\/\*|\*)/
const section = /^\[[^\]]*\]$/
const punctuation = /^[\s{}[\](),;]*$/
/** Lines of people and programs that set something are shorter. */
const lineMax = 2_000
const publicKey = /^(?:ssh-|ecdsa-|sk-)\S+\s+[\w+/=]+(?:\s|$)/
const publicBlock = /^-----(BEGIN|END) (?:[A-Z\d]+ )*(?:PUBLIC KEY(?: BLOCK)?|CERTIFICATE(?: REQUEST)?)-----$/
/** Longer than words are. */
const longWord = /[\w+/=-]{30,}/

/** Whether anything in a file could be a secret at all, for names that say that something is. */
export function substanceOf(bytes: Uint8Array): Inside['substance'] {
  if (bytes.length > textMax) return 'values'
  const text = textOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (text === null) return 'values'
  let found: Inside['substance'] = 'nothing'
  let isInBlock = false
  for (const line of text.split('\n').map((one) => one.trim())) {
    const fence = publicBlock.exec(line)
    if (fence !== null) isInBlock = fence[1] === 'BEGIN'
    else if (line.length > lineMax) return 'values'
    else if (isInBlock || publicKey.test(line) || saysNothing(line)) continue
    else if (isProse(line)) found = 'prose'
    else return 'values'
  }
  return found
}

function saysNothing(line: string): boolean {
  if (punctuation.test(line) || remark.test(line) || section.test(line)) return true
  const at = line.search(/[=:]/)
  if (at < 0 || /\s/.test(line.slice(0, at).replace(/^export\s+|\s+$/g, ''))) return false
  const value = line
    .slice(at + 1)
    .replace(/[,;]$/, '')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
  return /^(?:null|nil|none|<.*>)?$/i.test(value) || (!value.includes('@') && (isElsewhere(value) || isOpen(value)))
}

/**
 * Here the name has said already that secrets are kept, and the doubt counts the other way: what only begins like a
 * reference, as `$up3rs3cret` does, is a value.
 */
const elsewhere: readonly RegExp[] = [
  /^\$(?:[A-Z][A-Z\d_]*|[a-z][a-z_]*|\{[\w.]+(?::?[-=?])?\}|\{\{[^{}]+\}\}|\([^()]+\))$/,
  /^\{\{[^{}]+\}\}$|^%[A-Z_]+%$|^<[%?]/,
  /^(?:op|vault|awssm|gcpsm|ref\+\w+):\/\/\S+$|^(?:arn|vault|ssm|sm|keyring):[\w:./-]+$|^ENC[[(]/,
  /^[a-z][a-z+.-]*:\/\/[\w.-]+(?::\d+)?(?:\/[a-z._~-]*|\/v\d+)*$/,
  /^(?:~|\.{1,2})?\/[a-z_.-]*(?:\/[a-z_.-]*)*$/i,
]

function isElsewhere(value: string): boolean {
  return elsewhere.some((form) => form.test(value))
}

/** Nothing else stands with it: `changeme-Tg7x9QpLm2` is a value. */
function isOpen(value: string): boolean {
  return isPlaceholder(value) && !isDrawn(value)
}

function isProse(line: string): boolean {
  return !/[=:]\S|\S[=]/.test(line) && !longWord.test(line)
}
