import type { Credentials } from './transfer-job.ts'

/** From the environment only, and never in the clear to another machine. */
export function credentialsFor(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): Credentials | null {
  const password = environment['GIT_PASSWORD'] ?? ''
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' }
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  if (password === '' || (protocol !== 'https:' && !(protocol === 'http:' && isHere))) return null
  // Hosts that take a token ask for some name, whichever.
  return { username: environment['GIT_USERNAME'] ?? 'git', password }
}
