import { hostname } from 'node:os'
import type { Config } from '../config/config.ts'

/** What this clone signs its commits with, the present one first; what it did before the setting changed counts too. */
export function hostsOf({ commit }: Config, cloneId: string): readonly [string, ...string[]] {
  return commit.hostName ? [hostname(), cloneId] : [cloneId]
}
