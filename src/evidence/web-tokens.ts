import type { Form } from './forms.ts'
import { entropy } from './secret-values.ts'
import { looksDrawn } from './vendor-tokens.ts'

/** Tokens whose parts can be read: what they say tells those that open something from those that show what one is. */
export const webTokenForms: readonly Form[] = [
  {
    kind: 'JSON web token',
    needs: ['.eyj'],
    pattern: /eyJ(?<![A-Za-z0-9]eyJ)[\w-]{10,500}\.eyJ[\w-]{10,8000}\.[\w-]{27,1000}/g,
    holds: isSigned,
  },
  {
    kind: 'Discord token',
    needs: ['.'],
    pattern: /[MNO](?<![\w.-].)[A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w.-])/g,
    // The id of the account is its first part.
    holds: (token) => /^\d{17,20}$/.test(decoded(token.slice(0, token.indexOf('.')))) && looksDrawn(token),
  },
  {
    kind: 'Azure key',
    needs: ['q~'],
    pattern: /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/g,
    holds: looksDrawn,
  },
  {
    kind: 'Azure key',
    needs: ['azdo', 'jqqj99'],
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{18,26}(?![A-Za-z0-9])/g,
    holds: looksDrawn,
  },
  {
    kind: 'Azure key',
    needs: ['sig='],
    pattern: /\bs[verp]=[^\s"'<>`]{1,300}?&sig=[\w%+/=]{43,64}/g,
    holds: looksDrawn,
  },
  {
    kind: 'NATS seed',
    needs: ['su', 'sa', 'so', 'sn', 'sc', 'sx'],
    pattern: /S(?<![A-Za-z0-9]S)[AUNOCX][A-Z2-7]{56}(?![A-Za-z0-9=])/g,
    holds: (seed) => looksDrawn(seed) && /[2-7]/.test(seed),
  },
  {
    kind: 'Salesforce session',
    needs: ['00d'],
    pattern: /\b00D[A-Za-z0-9]{12,15}![\w.]{70,}/g,
    holds: looksDrawn,
  },
]

/** Says who somebody is, and is signed. That of a page for everybody, and the one that all manuals show, are none. */
function isSigned(token: string): boolean {
  const [, payload = '', signature = ''] = token.split('.')
  const said = decoded(payload)
  if (!said.startsWith('{') || !said.includes('":') || entropy(signature) < 3.5) return false
  return !/"role":\s?"anon"|John Doe|"sub":\s?"1234567890"|example/i.test(said)
}

function decoded(part: string): string {
  return Buffer.from(part, 'base64url').toString('latin1')
}
