import type { Form } from './forms.ts'

/** `dummyHash = '$…'`: what is compared with when there is no such user. Asked behind the first sign, which is rare. */
const besidesMadeUp = String.raw`(?<!(?:dummy|fake|mock)\w{0,20}["']?\s{0,4}[:=]\s{0,4}["'\x60]\$)`

function hash(needs: string, pattern: RegExp): Form {
  const source = pattern.source.startsWith('\\$') ? `\\$${besidesMadeUp}${pattern.source.slice(2)}` : pattern.source
  return { kind: 'password hash', needs: [needs], pattern: new RegExp(source, pattern.flags) }
}

/** As systems, databases and frameworks store what a password is checked against: each can be guessed at leisure. */
export const hashForms: readonly Form[] = [
  // crypt: MD5, SHA-2, bcrypt, yescrypt; phpass; argon2; scrypt; and what passlib writes.
  hash('$', /\$(?:1|apr1|md5)\$[\w./]{1,16}\$[\w./]{22}(?![\w./])/g),
  hash('$', /\$[56]\$(?:rounds=\d{1,9}\$)?[\w./]{1,16}\$[\w./]{43,86}(?![\w./])/g),
  hash('$2', /\$2[abxy]\$\d\d\$[\w./]{53}(?![\w./])/g),
  hash('$', /\$(?:gy|y|7)\$[\w./]{1,20}\$[\w./]{1,86}\$[\w./]{43,86}/g),
  hash('$', /\$[PHS]\$[\w./]{31,55}(?![\w./$])/g),
  hash('$argon2', /\$argon2(?:id|i|d)\$(?:v=\d{1,4}\$)?m=\d{1,9},[\w=,+/$]{20,300}/g),
  hash('$', /\$(?:scrypt|pbkdf2|bcrypt|sha1)[\w-]{0,10}\$[\w./+=$,]{30,300}/g),
  hash('}', /\{S?(?:SHA|MD5)(?:256|384|512)?\}[A-Za-z0-9+/]{22,}=*/g),
  hash('}', /\{(?:CRYPT|PBKDF2[\w-]{0,10}|ARGON2)\}[\w./+=$,]{13,}/g),
  // Django, Werkzeug, Grub, ASP.NET.
  hash('pbkdf2', /\bpbkdf2[_:]sha\d{1,3}[$:]\d{1,8}\$[\w./+=-]{1,64}\$[\w+/=]{32,128}/g),
  hash('$', /\b(?:scrypt:\d{1,6}:\d{1,3}:\d{1,3}|sha1|md5)\$[\w./+=-]{1,64}\$[\da-f]{32,128}\b/g),
  hash('grub.pbkdf2', /\bgrub\.pbkdf2\.sha512\.\d{1,7}\.[\dA-F]{64,}\.[\dA-F]{64,}/g),
  hash('aqaaaa', /(?<![A-Za-z0-9+/])AQAAAA[EI]AA[A-Za-z0-9+/]{70,110}={0,2}(?![A-Za-z0-9+/])/g),
  // MySQL and PostgreSQL.
  hash('*', /['"]\*[\dA-F]{40}['"]/g),
  hash("'md5", /\bpassword\s{1,4}'md5[\da-f]{32}'/gi),
  hash('scram-sha-', /\bSCRAM-SHA-(?:1|256)\$\d{1,7}:[\w+/=]{8,}\$[\w+/=]{20,}/g),
  // Of accounts, one a line: crypt by DES, Windows, digests of a realm.
  hash(':', /^[a-z_][\w.-]{0,31}:(?!\/)(?=[./A-Za-z]*\d)(?=[./\da-z]*[A-Z])[./\dA-Za-z]{13}(?=:\d*:|\r?$)/gm),
  hash(':::', /^[\w.\\$-]{1,64}:\d{1,7}:[\da-f]{32}:[\da-f]{32}:::/gim),
  hash(':', /^[\w.@-]{1,64}:[^:\s][^:\n]{0,80}:[\da-f]{32}\r?$/gm),
  // Of network devices.
  hash(' 7 ', /\b(?:password|secret|key) 7 [\dA-F]{8,}\b/gi),
]
