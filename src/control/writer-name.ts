/** Names of people's and programs' kinds would say something else in a commit's trailer. */
const reservedNames = new Set(['human', 'agent', 'autonomous', 'self', 'unknown', 'workspace'])

export function isWriterName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(name) && !reservedNames.has(name.toLowerCase())
}
