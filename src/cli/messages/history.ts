import { printable } from '../printable.ts'

interface ToldCommit {
  readonly oid: string
  readonly subject: string
  readonly writer: string | null
  readonly where: 'pushed' | 'waiting' | 'unknown'
  readonly undoes: string | null
  readonly trigger: 'automatic' | 'turn' | 'asked' | null
  readonly tookMs: number | null
}

const placeText = { pushed: 'on the remote', waiting: 'not pushed', unknown: 'kept here' } as const
const triggerText = { automatic: 'by itself', turn: 'end of a turn', asked: 'asked for' } as const

/** One commit in one line. @param when its date for people. */
export function historyLine(
  { oid, subject, writer, where, undoes, trigger, tookMs }: ToldCommit,
  when: string,
): string {
  const facts = [
    placeText[where],
    ...(trigger === null ? [] : [triggerText[trigger]]),
    ...(writer === null || writer === 'unknown' ? [] : [`writer ${writer}`]),
    ...(undoes === null ? [] : [`undoes ${undoes.slice(0, 10)}`]),
    ...(tookMs === null ? [] : [`${tookMs} ms`]),
  ]
  return printable(`${when}  ${oid.slice(0, 10)}  ${subject}  (${facts.join(', ')})`)
}

export const noHistory = (limited: boolean): string =>
  limited ? 'no automatic commit of this branch touches that' : 'this branch has no automatic commit yet'
