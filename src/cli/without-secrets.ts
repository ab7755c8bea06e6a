import { lookInside } from '../evidence/evidence.ts'
import type { SecretFinding } from '../types.ts'

/** A look ends where it found something: it is repeated on what is left, so often at most. */
const looksMax = 100

/** Of a key in several lines, and of what is encoded as a whole, one line says nothing about the others. */
const inSeveralLines = /private key/i
const encoded = /^[A-Za-z0-9+/=\s]+$/

/** A text for a terminal: lines with something that the guard would hold it for are named instead of shown. */
export async function withoutSecrets(text: string): Promise<string> {
  const lines = text.split('\n')
  for (let looks = 0; looks < looksMax; looks += 1) {
    const { secrets } = await lookInside(Buffer.from(lines.join('\n')))
    if (secrets.length === 0) return lines.join('\n')
    for (const secret of secrets) hide(lines, secret)
  }
  return '(all of it held: secrets)\n'
}

function hide(lines: string[], { kind, line }: SecretFinding): void {
  const first = line === null || encoded.test(lines.join('\n')) ? 0 : line - 1
  const isOneLine = line !== null && !inSeveralLines.test(kind) && !encoded.test(lines.join('\n'))
  const end = isOneLine ? first : lines.findIndex((one, at) => at > first && /-----END\b/.test(one))
  const last = end < 0 || line === null ? lines.length - 1 : end
  for (let at = first; at <= last; at += 1) lines[at] = `(line held: ${kind})`
}
