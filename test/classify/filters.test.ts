import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileRules } from '../../src/classify/rules.ts'
import { pathBytes } from '../../src/types.ts'
import type { RuleAction, RuleFile, RuleLevel } from '../../src/types.ts'

function builtIn(name: string, level: RuleLevel): RuleFile {
  return { level, source: name, text: readFileSync(new URL(`../../filters/${name}`, import.meta.url), 'utf8') }
}

const files = [
  builtIn('litter.rules', 'litter'),
  builtIn('agents.rules', 'built-in'),
  builtIn('programs.rules', 'built-in'),
  builtIn('workspace.rules', 'built-in'),
]
const { rules, mistakes } = compileRules(files, 'ANALYZE')

const wanted: Readonly<Record<RuleAction, readonly string[]>> = {
  BLOCK: [
    // Background services, as the oldest design lists them.
    '.claude/autonomous/service-status.json',
    '.claude/memory/enhanced-context.json',
    '.claude/intelligence/a.log',
    '.claude/intelligence/deep/er/a.log',
    'logs/a.log',
    'logs/2026/08/a.log',
    // Litter, also where everything is allowed.
    'projects/x/.DS_Store',
    'docs/._guide.md',
    'a/Thumbs.db',
    'desktop.ini',
    '.Spotlight-V100/Store/x',
    '.Trash-1000/files/notes.md',
    'docs/.guide.md.swp',
    'docs/guide.md.swo',
    'docs/.guide.md.un~',
    'docs/#guide.md#',
    'docs/.#guide.md',
    'src/app.ts___jb_tmp___',
    'src/app.ts___jb_old___',
    'docs/.~lock.plan.odt#',
    'docs/~$plan.docx',
    '.goutputstream-A1B2C3',
    'x/.fuse_hidden0000001a00000002',
    'x/.nfs00000000017a2b3c00000004',
    'data/state.json.tmp',
    'data/state.json.tmp.4711',
    'data/state.json.tmp.9f3ac01b',
    'projects/x/.tmpA1b2C3',
    'cache.sqlite-wal',
    'film.mp4.part',
    'setup.exe.crdownload',
    'disk.iso.partial',
    'Page.html.download/style.css',
    // Agents' own state.
    '.claude/anything/state.json',
    '.claude/state.json',
    '.claude/history.jsonl',
    '.claude/projects/-home-me/1.jsonl',
    '.claude/projects/-home-me/memory/MEMORY.md',
    '.claude/todos/1.json',
    '.claude/shell-snapshots/snapshot-bash-1.sh',
    '.claude/statsig/cached',
    '.claude/settings.local.json',
    '.claude/hooks/hook.log',
    '.claude/scripts/sync.log',
    '.claude/skills/pdf/scripts/__pycache__/x.cpython-312.pyc',
    'CLAUDE.local.md',
    '.claude.json',
    'packages/web/.claude/settings.local.json',
    'packages/web/.claude/todos/1.json',
    'projects/web/.claude/settings.local.json',
    'projects/web/.claude/logs/today.md',
    'projects/web/.aider.chat.history.md',
    '.aider.chat.history.md',
    '.aider.input.history',
    '.aider.tags.cache.v4/cache.db',
    '.codex/history.jsonl',
    '.codex/sessions/2026/rollout-1.jsonl',
    '.codex/auth.json',
    '.gemini/tmp/x/logs.json',
    '.gemini/oauth_creds.json',
    '.cursor/chats/1/store.db',
    '.cursor/worktrees/x/notes.md',
    '.cline/data/state.json',
    // Other programs' own state.
    '.obsidian/workspace.json',
    'vault/.obsidian/workspace-mobile.json',
    '.idea/workspace.xml',
    'projects/x/.idea/shelf/a.patch',
    'tsconfig.tsbuildinfo',
    'projects/x/tsconfig.tsbuildinfo',
    'web/.eslintcache',
    'pytest-cache-files-_0v76pqi/README.md',
  ],
  ALLOW: [
    'scripts/a.sh',
    'scripts/deep/er/a.sh',
    'docs/guide.md',
    'docs/deep/er/guide.md',
    'projects/x/src/a.ts',
    'projects/x/app.log',
    'projects/x/temp/notes.part',
    'CLAUDE.md',
    'packages/web/CLAUDE.md',
    'AGENTS.md',
    'GEMINI.md',
    '.claude/CLAUDE.md',
    '.claude/settings.json',
    '.claude/commands/review.md',
    '.claude/skills/pdf/SKILL.md',
    '.claude/skills/pdf/scripts/fill.py',
    '.claude/agents/tester.md',
    '.claude/rules/style.md',
    '.claude/output-styles/short.md',
    '.claude/hooks/check.sh',
    'packages/web/.claude/settings.json',
    'packages/web/.claude/commands/review.md',
    'packages/web/.claude/skills/pdf/SKILL.md',
    '.cursor/rules/style.mdc',
    '.cursor/mcp.json',
    'packages/web/.cursor/rules/style.mdc',
    '.cursorrules',
    '.clinerules',
    '.clinerules/style.md',
    '.cline/skills/pdf/SKILL.md',
    '.codex/config.toml',
    '.codex/prompts/review.md',
    '.gemini/settings.json',
    '.gemini/commands/review.toml',
    '.gemini/styleguide.md',
    '.aider.conf.yml',
    '.mcp.json',
  ],
  ANALYZE: [
    '.claude/contexts/now.md',
    '.claude/contexts/now.json',
    '.claude/decisions/2026/0001.md',
    '.claude/notes.md',
    '.claude/anything/README.md',
    '.claude/autonomous/monitor.sh',
    '.claude/scripts/sync.sh',
    '.claude/scripts/settings.json',
    '.claude/hooks/state.json',
    '.claude/.env',
    '.gemini/.env',
    'packages/web/.claude/anything/state.json',
    'projects/web/.claude/commands/review.md',
    'projects/web/.cursor/anything.json',
    // Nothing that a person may have named so is litter.
    'notes.part',
    'notes.temp',
    'header.partial',
    'links.download',
    'macro.swp',
    'core/main.c',
    'core',
    'temp/notes.txt',
    'tmp/notes.txt',
    'tmp',
    'sediments',
    'tmp.properties',
    'main.c~',
    'main.c.bak',
    'main.c.orig',
    '#1',
    '4913/readme.txt',
    'yarn.lock',
    'x.tmpl',
    'app.log',
    'scripts/a.py',
    'docs/picture.png',
    'my.claude/x.json',
    'xclaude/x.json',
    'src/main.ts',
    '.env',
    'id_rsa',
    '.obsidian/app.json',
    '.obsidian/plugins/x/main.js',
    'obsidian/workspace.json',
    '.idea/misc.xml',
    '.idea/codeStyles/Project.xml',
    'workspace.xml',
    'notes/tsbuildinfo.md',
    'eslintcache.md',
  ],
}

test('the built-in sets have no mistakes', () => {
  expect(mistakes).toEqual([])
})

for (const action of ['BLOCK', 'ALLOW', 'ANALYZE'] as const) {
  test.each(wanted[action])(`${action} %s`, (path) => {
    const { rule, action: decided } = rules.match(pathBytes(path))
    expect(decided, rule === null ? 'no rule matches' : `${rule.source}:${rule.line} ${rule.glob}`).toBe(action)
  })
}

test('every built-in rule says why', () => {
  expect(rules.rules.filter(({ reason }) => reason === '')).toEqual([])
})

test('litter is only ever blocked', () => {
  const litter = rules.rules.filter(({ level }) => level === 'litter')
  expect(litter.length).toBeGreaterThan(30)
  expect(litter.filter(({ action }) => action !== 'BLOCK')).toEqual([])
})

test('the workspace set holds what the oldest design lists, and nothing else', () => {
  const listed = rules.rules.filter(({ source }) => source === 'workspace.rules')
  expect(listed.map(({ action, glob }) => `${action} ${glob}`)).toEqual([
    'BLOCK .claude/autonomous/service-status.json',
    'BLOCK .claude/memory/enhanced-context.json',
    'BLOCK .claude/intelligence/**/*.log',
    'BLOCK logs/**/*.log',
    'ALLOW scripts/**/*.sh',
    'ALLOW docs/**/*.md',
    'ALLOW projects/**',
    'ALLOW CLAUDE.md',
    'ANALYZE .claude/contexts/**',
    'ANALYZE .claude/decisions/**',
  ])
})

test('compiling the built-in sets does not hold up the start', () => {
  const times = Array.from({ length: 10 }, () => {
    // Of this process alone: what else runs on the machine is no fault of the rules.
    const before = process.cpuUsage()
    compileRules(files, 'ANALYZE')
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  })
  expect(Math.min(...times)).toBeLessThan(25)
})
