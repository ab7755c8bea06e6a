/** Workspaces that programs live in. All are real unless `about` says so. */
import { backup, label, secret, swap, type Scenario } from './scenario.ts'

export const homes: readonly Scenario[] = [
  {
    name: 'services',
    about:
      'background programs of fixtures/programs, logrotate, jq; and a person who edits files that look like theirs',
    before: `
      mkdir -p state var/log logs run; printf '{"service":"a","timestamp":"1","jobs":1}\\n' > state/status.json
      printf '{\\n  "service": {\\n    "name": "a",\\n    "port": 1\\n  },\\n  "timestamp": "1",\\n  "session_id": "1",\\n  "lastUpdate": 1\\n}\\n' > state/known.json
      printf '{"runs":0,"timestamp":""}\\n' > state/pipe.json; echo kept > var/log/kept.log; echo 'status: ok' > state/status.yaml`,
    steps: [
      {
        ...label('program', 'heartbeat', 'block'),
        sh: `timeout 2 sh "$PROGRAMS/jq-pipeline.sh" state/pipe.json 0.3 5
          for i in 1 2 3; do jq --arg t "$(date +%s%N)" '.timestamp = $t' state/status.json > state/status.json.tmp && mv state/status.json.tmp state/status.json; done
          for i in 1 2; do jq --arg t "$(date +%s%N)" '.lastUpdate = 5 | .session_id = $t | .timestamp = $t' state/known.json > state/.k.tmp && mv state/.k.tmp state/known.json; done; true`,
        except: [[/\.tmp$/, label('program', 'temporary', 'block')]],
      },
      {
        ...label('program', 'state', 'block'),
        sh: `timeout 2 node "$PROGRAMS/ever-new.js" state/many 200 1; timeout 1 node "$PROGRAMS/atomic-writer.js" state/whole.bin 200 2; date > run/app.pid; true`,
      },
      {
        ...label('program', 'new heartbeat', 'block'),
        sh: `timeout 1 node "$PROGRAMS/heartbeat.js" state/new.json 200 3; true`,
      },
      {
        ...label('program', 'log', 'block'),
        sh: `timeout 1 node "$PROGRAMS/log-appender.js" var/log/app.log 50 4
          echo line >> logs/cron.log; echo line > var/log/access_log; echo line > var/log/error.log; echo line > var/log/syslog
          printf '%s\\n' '"var/log/*.log" {' '  su root root' '  rotate 3' '  compress' '  dateext' '  missingok' '}' > ../rotate.conf
          /usr/sbin/logrotate -f -s ../rotate.state ../rotate.conf >/dev/null 2>&1
          echo again > var/log/app.log; sed -i '/dateext/d;/compress/d' ../rotate.conf; /usr/sbin/logrotate -f -s ../rotate2.state ../rotate.conf >/dev/null 2>&1; true`,
        except: [[/kept\.log$/, label('program', 'log', null)]],
      },
      {
        ...label('person', 'configuration', 'sync'),
        sh: `printf '{"service":"b","timestamp":"2","jobs":1}\\n' > state/status.json; printf 'status: paused\\n' > state/status.yaml
          mkdir -p services logs/docs; echo '{"interval":"5s"}' > services/heartbeat.json; echo 'x' > services/monitor.service
          echo '# how to read them' > logs/README.md; echo '# x' > logs/docs/format.md; echo 'filter' > services/log.conf; echo '[]' > services/cache.json
          printf '/var/log/*.log {\\n rotate 3\\n}\\n' > services/logrotate.conf`,
      },
    ],
  },
  {
    name: 'agents',
    about:
      'the folders of coding agents as they document them; written by this script in their layout, not by the agents',
    before: `
      mkdir -p .claude/contexts .claude/autonomous .claude/memory src; echo '# Rules' > CLAUDE.md
      printf '{"topic":"a","last_update":"1"}\\n' > .claude/contexts/now.json; echo '{}' > .claude/settings.json
      printf '{"ok":true,"timestamp":"1"}\\n' > .claude/autonomous/service-status.json; echo x > src/app.ts; printf '{"facts":1}\\n' > .claude/memory/enhanced-context.json`,
    steps: [
      {
        ...label('person', 'agent configuration', 'sync'),
        sh: `echo more >> CLAUDE.md; echo '# A' > AGENTS.md; echo '# G' > GEMINI.md; echo '{"a":1}' > .claude/settings.json; echo '{}' > .mcp.json
          mkdir -p .claude/{commands/git,skills/pdf/scripts,agents,rules,output-styles,hooks} .codex/{prompts,skills/a} .gemini/commands .cursor/{rules,commands} .clinerules packages/web/.claude/commands
          echo x > .claude/commands/review.md; echo x > .claude/commands/git/sync.md; echo x > .claude/skills/pdf/SKILL.md; echo x > .claude/skills/pdf/scripts/fill.py
          echo x > .claude/agents/tester.md; echo x > .claude/rules/style.md; echo x > .claude/output-styles/short.md; echo x > .claude/hooks/check.sh
          echo 'model = "a"' > .codex/config.toml; echo x > .codex/prompts/review.md; echo x > .codex/skills/a/SKILL.md; echo x > .codex/AGENTS.md
          echo '{}' > .gemini/settings.json; echo 'prompt="x"' > .gemini/commands/review.toml; echo x > .gemini/styleguide.md
          echo x > .cursor/rules/style.mdc; echo '{}' > .cursor/mcp.json; echo '{}' > .cursor/hooks.json; echo x > .cursor/commands/a.md; echo x > .cursorrules; echo x > .cursorignore
          echo x > .clinerules/a.md; echo 'model: a' > .aider.conf.yml; echo x > .aiderignore; echo x > packages/web/CLAUDE.md; echo x > packages/web/.claude/commands/a.md
          mkdir -p .github/{instructions,prompts,chatmodes} .windsurf/rules .roo/rules .continue/rules .zed
          echo x > .github/copilot-instructions.md; echo x > .github/instructions/a.instructions.md; echo x > .github/prompts/a.prompt.md; echo x > .windsurf/rules/a.md; echo x > .roo/rules/a.md; echo x > .continue/rules/a.md; echo '{}' > .zed/settings.json`,
      },
      {
        ...label('agent', 'source', 'sync'),
        sh: `echo 'export {}' > src/app.ts; echo 'x' > src/session.ts; echo '# plan' > PLAN.md; mkdir -p docs/decisions .claude/decisions; echo '# d' > docs/decisions/0001.md; echo '# d' > .claude/decisions/0001.md
          printf '{"topic":"b","last_update":"2"}\\n' > .claude/contexts/now.json; echo '# c' > .claude/contexts/project.md`,
      },
      {
        ...label('agent', 'session state', 'block'),
        sh: `mkdir -p .claude/{projects/-home-x,todos,shell-snapshots,statsig,ide,file-history/1,session-env/1,plugins/cache/a,debug,local,logs} .codex/{sessions/2026/11/20,log,shell_snapshots} .gemini/tmp/abc/chats .cursor/{chats/1,projects/a} .cline/data .aider.tags.cache.v4
          u=0f8fad5b-d9cb-469f-a165-70867728950e
          echo '{"type":"user"}' > .claude/projects/-home-x/$u.jsonl; echo '[]' > .claude/todos/$u-agent-$u.json; echo 'alias' > .claude/shell-snapshots/snapshot-bash-1763-abc.sh
          echo x > .claude/statsig/statsig.cached.evaluations.1; echo '{}' > .claude/ide/1234.lock; echo x > .claude/file-history/1/a@v1; echo x > .claude/session-env/1/env; echo '{}' > .claude/history.jsonl
          echo '{}' > .claude/plugins/installed_plugins.json; echo x > .claude/plugins/cache/a/x.js; echo x > .claude/debug/$u.txt; echo '{}' > .claude/settings.local.json; echo mine > CLAUDE.local.md; echo '{}' > .claude/local/package.json; echo l > .claude/logs/mcp.log
          echo '{}' > .codex/sessions/2026/11/20/rollout-2026-11-20-$u.jsonl; echo '{}' > .codex/history.jsonl; echo l > .codex/log/codex-tui.log; echo '{}' > .codex/version.json; echo x > .codex/shell_snapshots/a.sh
          echo '[]' > .gemini/tmp/abc/logs.json; echo '{}' > .gemini/tmp/abc/chats/session-1.json; echo '{}' > .gemini/installation_id; echo '{}' > .gemini/google_accounts.json; echo '{}' > .gemini/state.json
          echo x > .cursor/chats/1/store.db; echo x > .cursor/projects/a/terminal.txt; echo '{}' > .cursor/ide_state.json; echo '{}' > .cline/data/state.json
          echo '# aider chat' > .aider.chat.history.md; echo '# in' > .aider.input.history; echo x > .aider.tags.cache.v4/cache.db
          printf '{"ok":true,"timestamp":"2"}\\n' > .claude/autonomous/service-status.json; printf '{"facts":2}\\n' > .claude/memory/enhanced-context.json; mkdir -p .claude/intelligence/a packages/web/.claude/todos; echo l > .claude/intelligence/a/run.log
          echo '[]' > packages/web/.claude/todos/1.json; echo '{}' > packages/web/.claude/settings.local.json; printf '{"topic":"a","last_update":"3"}\\n' > .claude/contexts/now.json; echo 123 > .claude/autonomous/daemon.pid`,
      },
      {
        ...secret,
        by: 'agent',
        except: [[/^\.env$/, label('agent', 'stand-in', 'sync')]],
        sh: `mkdir -p src; printf 'export const key = "%s"\\n' "$FAKE_KEY" > src/config.ts; printf 'OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxx\\n' > .env; printf '{"env":{"GITHUB_TOKEN":"%s"}}\\n' "$FAKE_TOKEN" > .mcp.json`,
      },
    ],
  },
  {
    name: 'notes-vault',
    about:
      'notes in an Obsidian-like vault (its own files in the program’s layout), pictures, LibreOffice’s and a sync client’s leftovers',
    before: `mkdir -p .obsidian daily; echo '{"main":{"id":"1"}}' > .obsidian/workspace.json; echo '{"a":1}' > .obsidian/app.json; echo '# one' > daily/2026-11-19.md; echo keep > inbox.md; echo del > old.md; printf 'a\\tb\\n' > vocab.tsv`,
    steps: [
      {
        ...label('person', 'notes', 'sync'),
        sh: `mkdir -p attachments 'Work (2026)' people/Ünal recipes log cache archive/2025 templates; echo '# two' > daily/2026-11-20.md; echo more >> daily/2026-11-19.md; rm old.md; mv inbox.md archive/2025/inbox.md
          for f in 'Work (2026)/Meeting notes.md' 'people/Ünal/Café.md' 'recipes/Crème brûlée.md' 'log/2026-11.md' 'cache/ideas.md' templates/daily.md 'Backup strategy.md' 'Temp job.md' "What's next?.md" '2026-11-20 10.30.md' TODO 'todo.txt' journal.org plan.adoc 'notes.rst'; do echo text > "$f"; done
          printf '\\211PNG\\r\\n\\032\\n\\000' > attachments/picture.png; printf '%%PDF-1.4' > attachments/paper.pdf; echo '{"nodes":[]}' > board.canvas; echo '<svg/>' > attachments/drawing.svg; printf 'a\\tc\\n' > vocab.tsv; printf 'PK' > attachments/table.ods; printf '\\000\\001' > attachments/voice.m4a; echo '@book{a}' > refs.bib; echo 'BEGIN:VCARD' > people/a.vcf; mkdir -p .obsidian/snippets; echo 'a{}' > .obsidian/snippets/mine.css; echo '{"a":2}' > .obsidian/app.json; echo '{}' > .obsidian/hotkeys.json`,
      },
      {
        ...label('program', "application's window state", 'block'),
        sh: `echo '{"main":{"id":"2"},"active":"x","lastOpenFiles":["a"]}' > .obsidian/workspace.json; echo '{"main":{}}' > .obsidian/workspace-mobile.json; mkdir -p .idea; echo '<project/>' > .idea/workspace.xml; echo '<x/>' > .idea/usage.statistics.xml; mkdir -p .idea/shelf; echo x > .idea/shelf/a.patch`,
      },
      {
        ...swap,
        sh: `echo ',me,host' > '.~lock.table.ods#'; echo x > attachments/.~lock.paper.odt#; echo x > '.DS_Store'; echo x > 'daily/.DS_Store'; echo x > attachments/Thumbs.db; echo x > '~$plan.docx'; echo x > '._inbox.md'; echo x > 'attachments/video.mp4.part'; echo x > '.sync_ab12cd.db'; echo x > attachments/.goutputstream-X1Y2Z3; echo x > '.#today.md'; echo x > '#today.md#'; mkdir -p .Trash-1000/files; echo x > .Trash-1000/files/a.md`,
      },
      {
        ...backup,
        sh: `echo x > plan.adoc~; echo x > refs.bib.bak; echo x > daily/2026-11-20.md.orig; echo x > board.canvas.backup`,
      },
    ],
  },
  {
    name: 'dotfiles',
    about:
      'a home directory’s dot files in git: a person, bash, less, vim, python, ssh-keygen and git itself write there',
    before: `mkdir -p .config/nvim .ssh; echo 'alias a=b' > .bashrc; printf '[user]\\n\\tname = x\\n' > .gitconfig; echo 'set nu' > .vimrc; echo 'vim.o.nu = true' > .config/nvim/init.lua; echo 'Host a' > .ssh/config`,
    steps: [
      {
        ...label('person', 'dot file', 'sync'),
        sh: `echo 'alias c=d' >> .bashrc; mkdir -p .config/{fish,git,alacritty,systemd/user,i3} .local/bin bin; echo 'set -x A 1' > .config/fish/config.fish; echo '*.log' > .config/git/ignore; echo '[a]' > .config/alacritty/alacritty.toml
          echo '[Unit]' > .config/systemd/user/sync.service; echo 'bindsym' > .config/i3/config; echo '#!/bin/sh' > .local/bin/backup; chmod +x .local/bin/backup; echo 'set -g' > .tmux.conf; echo 'map' > .inputrc; echo 'x' > .zshrc; echo 'export A=1' > .profile; echo 'vim.o.nu = false' > .config/nvim/init.lua; echo '{}' > .config/nvim/lazy-lock.json; echo 'Host b' > .ssh/config; echo 'ssh-ed25519 AAAA x' > .ssh/authorized_keys; echo 'cron' > crontab; echo 'x' > .Xresources; echo 'x' > .hushlogin; echo 'x' > .config/mimeapps.list; echo 'Brewfile' > Brewfile`,
      },
      {
        ...label('person', 'dot file', 'sync'),
        sh: `git config --file .gitconfig user.email x@example.org; git config --file .gitconfig alias.st status`,
        except: [[/\.lock$/, label('program', 'lock', 'block')]],
      },
      {
        ...label('program', 'history', 'block'),
        sh: `W=$PWD; printf 'ls\\ncd /tmp\\nexit\\n' | HOME=$W HISTFILE=$W/.bash_history timeout 5 bash --norc -i >/dev/null 2>&1
          ( sleep 1; printf '/alias\\r'; sleep 0.5; printf 'q' ) | HOME=$W TERM=xterm LESSHISTFILE=$W/.lesshst timeout 10 script -qfec 'less .bashrc' /dev/null >/dev/null
          ( sleep 1; printf ':set nu\\r'; sleep 0.5; printf ':q\\r' ) | HOME=$W TERM=xterm timeout 10 script -qfec 'vim -N -u NONE -i .viminfo .vimrc' /dev/null >/dev/null
          ( sleep 1; printf 'print(1)\\r'; sleep 1; printf 'exit()\\r'; sleep 1 ) | HOME=$W TERM=xterm timeout 10 script -qfec '/usr/bin/python3' /dev/null >/dev/null
          ( sleep 1; printf 'select 1;\\r'; sleep 1; printf '.quit\\r' ) | HOME=$W TERM=xterm timeout 10 script -qfec 'sqlite3' /dev/null >/dev/null
          ( sleep 1; printf '1+1\\r'; sleep 1; printf '.exit\\r'; sleep 1 ) | HOME=$W TERM=xterm timeout 10 script -qfec 'node' /dev/null >/dev/null; true`,
        except: [
          [/\.sw.$/, swap],
          [/\.vimrc$/, label('person', 'dot file', null)],
          [/viminf[a-z]?\.tmp$|\.viminf[a-z]\.tmp$/, label('program', 'temporary', 'block')],
        ],
      },
      {
        ...secret,
        sh: `ssh-keygen -q -t ed25519 -N '' -C x -f .ssh/id_ed25519; ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -C x -f .ssh/work; printf 'machine a login b password c\\n' > .netrc; mkdir -p .aws .config/gh; printf '[default]\\naws_access_key_id = %s\\n' "$FAKE_KEY" > .aws/credentials; printf 'github.com:\\n  oauth_token: %s\\n' "$FAKE_TOKEN" > .config/gh/hosts.yml`,
        except: [[/\.pub$/, label('person', 'dot file', 'sync')]],
      },
    ],
  },
]
