import { judged, pass, type Check, type Unseen } from './check.ts'
import { judgeConvergence, judgeDaemon, judgeStability, judgeWatcher } from './judge-daemon.ts'
import type { HealthFacts } from './facts.ts'
import { judgeCapacity, judgeClock, judgeDisk, judgeLocks, judgeState } from './judge-machine.ts'
import * as repository from './judge-repository.ts'

/** What the facts mean, and what to do about each. Nothing here looks at anything. */
export function healthChecks(facts: HealthFacts): readonly Check[] {
  const { daemon } = facts
  return [
    judged('git', facts.git, ({ version }) => pass(`git ${version}`)),
    judged('repository', facts.repository, (fact) => repository.judgeRepository(facts, fact)),
    judged('operations', facts.operations, (fact) => repository.judgeOperations(facts, fact)),
    judged('configuration', facts.configuration, (fact) => repository.judgeConfiguration(facts, fact)),
    judged('identity', facts.identity, (fact) => repository.judgeIdentity(facts, fact)),
    judged('disk', facts.disk, (fact) => judgeDisk(facts, fact)),
    judged('lock', facts.locks, (fact) => judgeLocks(facts, fact)),
    judged('state', facts.state, (fact) => judgeState(facts, fact)),
    judged('daemon', daemon, (fact) => judgeDaemon(facts, fact)),
    judged('watcher', daemon, (fact) => judgeWatcher(facts, fact)),
    judged('capacity', facts.capacity, judgeCapacity),
    judged('remote', facts.remote, (fact) => repository.judgeRemote(facts, fact)),
    judged('convergence', both(daemon, facts.unsynced), ([first, second]) => judgeConvergence(facts, first, second)),
    judged('stability', both(daemon, facts.commits), ([first, second]) => judgeStability(facts, first, second)),
    judged('clock', facts.clock, judgeClock),
  ]
}

function both<A extends object, B extends object>(one: A | Unseen, other: B | Unseen): readonly [A, B] | Unseen {
  if ('unseen' in one) return one
  return 'unseen' in other ? other : [one, other]
}
