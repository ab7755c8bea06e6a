import type { Command } from 'commander'
import { lookAt } from '../../platform/platform.ts'
import type { GitEngine } from '../../git/git.ts'
import { pathBytes, pathText, type PathBytes } from '../../types.ts'
import type { Context, Given, Run } from '../context.ts'
import { countOf } from '../count.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { loadInForce, warnAbout } from '../in-force.ts'
import { workspacePaths } from '../locate.ts'
import { headline, whyText } from '../messages/why.ts'
import type { Question, Recorded, WhyFacts } from '../why-facts.ts'

const fileLimit = 10
const directoryLimit = 30

export function registerWhy(program: Command, run: Run): void {
  program
    .command('why')
    .description(help.why.summary)
    .argument('<path...>')
    .option('-n, --count <n>', optionHelp.count)
    .addHelpText('after', exampleText(help.why.example))
    .action(run(why))
}

async function why(context: Context, { args, options }: Given): Promise<number> {
  const count = options['count'] === undefined ? null : countOf(options['count'], fileLimit)
  const [{ createDryJudge }, { openRepository }, { whyFacts }] = await Promise.all([
    import('../../daemon/daemon.ts'),
    import('../../git/git.ts'),
    import('../why-facts.ts'),
  ])
  const { directory, env } = context
  const engine = await openRepository(directory, { environment: env, readOnly: true })
  try {
    const { root } = engine.repository
    const paths = workspacePaths(root, directory, args)
    const { loaded } = await loadInForce(context, engine)
    warnAbout(context, loaded)
    const { judge } = await createDryJudge(engine, loaded)
    for (const path of paths) {
      const facts = await whyFacts(engine, judge, questionOf(engine, path, count))
      context.answer(
        whyJson(facts),
        whyText(facts, (instantMs) => new Date(instantMs).toLocaleString('sv')),
      )
    }
    return exitCode.done
  } finally {
    await engine.close()
  }
}

function questionOf({ repository }: GitEngine, path: PathBytes, count: number | null): Question {
  const entry = path === '' ? null : lookAt(Buffer.from(`${pathBytes(repository.root)}/${path}`, 'latin1'))
  const kind = path === '' || entry?.kind === 'directory' ? 'directory' : entry === null ? 'missing' : 'file'
  return { path, kind, limit: count ?? (kind === 'directory' ? directoryLimit : fileLimit) }
}

function whyJson(facts: WhyFacts): unknown {
  const { kind, decisions, commits, renamedFrom, renamedTo, now, pathCount, pauses, lostCount } = facts
  return {
    ...named(facts.path),
    kind,
    summary: headline(facts),
    pathCount,
    decisions: decisions.map(decisionJson),
    commits: commits.map(({ oid, atMs, subject, where }) => ({ oid, at: instant(atMs), subject, where })),
    renamedFrom: renamedFrom === null ? null : pathText(renamedFrom),
    renamedTo: renamedTo === null ? null : pathText(renamedTo),
    pauses,
    lost: lostCount,
    now: now === null ? null : { verdict: now.verdict.decision, layer: now.verdict.layer, reason: now.verdict.reason },
  }
}

function decisionJson(decision: Recorded): unknown {
  const { verdict, layer, reason, rule, writer, content, commit, where } = decision
  return {
    ...named(decision.path),
    at: instant(decision.atMs),
    since: instant(decision.sinceMs),
    count: decision.count,
    verdict,
    layer,
    reason,
    class: decision.class,
    rule,
    writer,
    content,
    commit: commit === null ? null : { oid: commit, where },
  }
}

function named(path: PathBytes): object {
  const text = pathText(path)
  const isText = pathBytes(text) === path
  return { path: text, ...(isText ? {} : { pathBase64: Buffer.from(path, 'latin1').toString('base64') }) }
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}
