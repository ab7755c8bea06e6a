/** How a workspace fares, asked from the side: with a daemon or without, and without getting in its way. */
import { healthChecks, type Check } from '../report/report.ts'
import { gatherHealth, type HealthInput } from './gather.ts'

export type { HealthInput } from './gather.ts'

export async function checkHealth(input: HealthInput): Promise<readonly Check[]> {
  return healthChecks(await gatherHealth(input))
}
