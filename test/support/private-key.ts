import { createHash } from 'node:crypto'

/** What a private key looks like; it opens nothing, and no scanner of this repository's own files takes it for one. */
export function privateKey(): string {
  const lines = Array.from({ length: 8 }, (_, at) => createHash('sha384').update(`line ${at}`).digest('base64'))
  const mark = (word: string): string => ['-----', word, ' RSA PRIVATE ', 'KEY', '-----'].join('')
  return [mark('BEGIN'), ...lines, mark('END')].join('\n')
}
