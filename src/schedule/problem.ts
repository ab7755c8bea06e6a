import type { Pause } from '../types.ts'

/** What stands in the way of a flush. */
export interface Problem {
  readonly problem: string
  readonly remedy?: string
}

/** The remote has commits that we lack. */
export const BEHIND = {
  problem: 'the remote has commits that are not here',
  remedy: 'get them first: git pull',
} as const

export function problemOfPause({ detail, remedy }: Pause): Problem {
  if (remedy === undefined || !detail.endsWith(remedy)) return { problem: detail }
  return { problem: detail.slice(0, -remedy.length).replace(/[;:] $/, ''), remedy }
}
