import type { Failure } from '../../types.ts'
import { failureOf } from '../failures.ts'
import type { TransferAnswer } from './transfer-job.ts'

type Failed = Extract<TransferAnswer, { kind: 'failed' | 'refused' }> | { readonly kind: 'late' }

/** Where they come from, for people. */
const credentialNames = 'GIT_USERNAME and GIT_PASSWORD'

/** The same names as for git's own words: what is said is put into git's words where there are any. */
export function transferFailure(verb: string, answer: Failed): Failure {
  if (answer.kind === 'late') return failureOf(verb, { code: null, stderr: '', fault: 'timeout' })
  if (answer.kind === 'refused' && isOvertaken(answer.said)) return overtaken
  if (answer.kind === 'refused') {
    const failure = failureOf(verb, { code: 1, stderr: answer.said, fault: null })
    if (failure.name !== 'unknown') return failure
    return { ...failure, name: 'rejected', hint: 'see what the remote says and settle it', heals: 'person' }
  }
  const { status, code, message } = answer
  if (code === 'no-credentials') {
    return {
      name: 'prompt-needed',
      detail: message,
      hint: `set ${credentialNames} and start again; they go over https, or to this machine`,
      heals: 'person',
    }
  }
  if (/^(?:ERR_TLS_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(?:VERIFY|GET_ISSUER))/.test(code ?? '')) {
    const hint = 'check the certificate; to trust it: NODE_EXTRA_CA_CERTS=<file with the certificate>'
    return { name: 'host-key', detail: `certificate verification failed: ${message}`, hint, heals: 'person' }
  }
  const words = status === null ? `failed to connect: ${code ?? ''} ${message}` : `returned error: ${status}`
  const isNetwork = status !== null || networkCodes.test(code ?? '') || unfinished.test(message)
  return failureOf(verb, { code: 1, stderr: isNetwork ? `fatal: ${words}` : message, fault: null })
}

const overtaken: Failure = {
  name: 'unknown',
  detail: 'the remote branch moved while it was pushed to',
  hint: 'nothing to do: it is asked again',
  heals: 'backoff',
}

/** Somebody else's push came first: older gits say so beside their answer, later ones and JGit within it. */
function isOvertaken(said: string): boolean {
  return (
    /cannot lock ref .* (?:is at [0-9a-f]+ but expected|reference already exists)/i.test(said) ||
    /^\s*- refs\/\S+: (?:incorrect old value provided|reference already exists|failed to lock)$/m.test(said)
  )
}

const networkCodes =
  /^(?:ECONN|ENOTFOUND|EAI_|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|EPIPE|ERR_S|HPE_|EPROTO|ParseError|Empty)/
/** A server that hangs up in the middle. */
const unfinished = /socket hang up|premature|aborted|unexpected end|terminated/i
