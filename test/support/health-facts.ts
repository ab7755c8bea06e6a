import type { HealthFacts } from '../../src/health/facts.ts'
import type { StatusFile } from '../../src/report/report.ts'
import { statusFile } from './status-file.ts'

/** A workspace in which everything is well and a daemon runs, at the instant 1,000,000; everything can be changed. */
export function healthFacts(changed: Partial<HealthFacts> = {}): HealthFacts {
  return {
    nowMs: 1_000_000,
    typed: { program: 'workspace-sync', git: 'git' },
    git: { version: '2.39.5' },
    repository: {
      result: { kind: 'whole' },
      depth: 'all',
      checkedAtMs: 1_000_000,
      sizeBytes: 4_096,
      deadlineMs: 20_000,
      remote: 'origin',
    },
    operations: { pauses: [] },
    identity: { failure: null },
    configuration: { mistakes: [], warnings: [], waiting: [] },
    disk: { path: '/ws/.git', freeBytes: 2 ** 34, wantedBytes: 100 * 2 ** 20, freeInodes: 1_000_000 },
    locks: { daemon: { pid: 42, isAlive: true }, git: [] },
    state: { exists: true, directory: '/ws/.git/workspace-sync', damaged: [], isOpen: false },
    daemon: withDaemon(),
    capacity: {
      directories: 10,
      watches: { limit: 8_192, usedByOthers: 100, setting: 'fs.inotify.max_user_watches' },
      instances: { limit: 128, usedByOthers: 3, setting: 'fs.inotify.max_user_instances' },
    },
    remote: { kind: 'answered', address: '/r.git', branch: 'main', remote: 'origin', tip: 'a'.repeat(40), tookMs: 3 },
    unsynced: { paths: null, held: 0, commits: 0 },
    commits: { lastHour: { all: 2, automatic: 1 }, lastDay: { all: 5, automatic: 3 }, ceilingPerHour: 40 },
    clock: { fileSystemMs: null, remoteMs: null, headMs: -5_000 },
    ...changed,
  }
}

export function withDaemon(status: Partial<StatusFile> = {}): HealthFacts['daemon'] {
  return {
    ownVersion: '1.2.3',
    running: { pid: 42, answer: { version: '1.2.3' } },
    status: statusFile(status),
  }
}

export const withoutDaemon: HealthFacts['daemon'] = { ownVersion: '1.2.3', running: null, status: null }
