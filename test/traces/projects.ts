/** Workspaces of projects. All programs are real. */
import { backup, label, onTerminal, secret, swap, type Scenario } from './scenario.ts'

export const projects: readonly Scenario[] = [
  {
    name: 'node-project',
    about: 'a JavaScript project without an ignore file: a person, npm, the TypeScript compiler, prettier',
    before: `
      mkdir -p src test docs config
      printf '{\\n  "name": "x",\\n  "version": "1.0.0",\\n  "type": "module"\\n}\\n' > package.json
      printf 'export const a: number = 1\\n' > src/a.ts; printf 'export const b = 2\\n' > src/b.ts
      printf '# X\\n' > README.md; printf 'old\\n' > docs/old.md; printf 'test\\n' > test/a.test.ts
      printf '{ "compilerOptions": { "outDir": "dist", "incremental": true }, "include": ["src"] }\\n' > tsconfig.json
      printf '{\\n  "server": "a",\\n  "updated_at": "2026-01-01"\\n}\\n' > config/app.json`,
    steps: [
      {
        ...label('person', 'source', 'sync'),
        sh: `
          printf 'export const a: number = 3\\n' > src/a.ts; mkdir -p src/cache src/logs src/tmp src/backup
          for f in src/cache/index.ts src/logs/logger.ts src/tmp/parse.ts src/backup/restore.ts src/heartbeat.ts; do
            echo "export {}" > $f; done
          mkdir -p build target vendor dist-scripts bin log; echo 'all:' > Makefile; echo 'x' > build/rules.mk
          echo 'print()' > target/aim.py; echo 'x' > vendor/LICENSE; echo 'echo' > bin/run.sh; chmod +x bin/run.sh
          echo 'FROM scratch' > Dockerfile; echo 'a=1' > .editorconfig; echo 'export {}' > log/writer.js
          echo 'x' > session.rb; echo 'x' > state.go; echo 'x' > lock.c; echo 'x' > core.h; echo 'x' > swap.py
          git rm -q --cached test/a.test.ts; git reset -q; rm docs/old.md; mv src/b.ts src/c.ts; ln -s src/a.ts link.ts`,
      },
      {
        ...label('person', 'configuration', 'sync'),
        sh: `
          printf '{\\n  "server": "b",\\n  "updated_at": "2026-02-02"\\n}\\n' > config/app.json
          printf '{ "timestamp": "format", "session_id": "header" }\\n' > config/keys.json
          printf 'PORT=\\nTOKEN=\\n' > .env.example; echo '{}' > .prettierrc.json; echo 'a: 1' > ci.yml
          printf '* text=auto\\n' > .gitattributes; printf '[a]\\nb = 1\\n' > pyproject.toml`,
      },
      {
        ...secret,
        sh: `
          printf 'DB_PASSWORD=hunter2hunter2\\n' > .env; printf '{ "token": "%s" }\\n' "$FAKE_TOKEN" > config/local.json
          printf 'key: %s\\n' "$FAKE_KEY" > deploy.yaml; printf '//registry.example.org/:_authToken=%s\\n' "$FAKE_TOKEN" > .npmrc
          printf 'const token = "%s"\\n' "$FAKE_TOKEN" > src/client.ts`,
      },
      {
        ...label('program', 'dependency', 'block'),
        sh: `npm install --no-audit --no-fund ms@2.1.3 semver@7 minimist@1 left-pad@1 >/dev/null 2>&1`,
        except: [
          [/^package\.json$/, label('program', 'manifest', 'sync')],
          [/^package-lock\.json$/, label('program', 'lock file', 'sync')],
        ],
      },
      {
        ...label('program', 'build output', 'block'),
        except: [[/client\.js$/, label('program', 'copy of a secret', 'hold')]],
        sh: `node "$TOOLS/typescript/bin/tsc" -p . >/dev/null 2>&1; true`,
      },
      {
        ...label('program', 'cache', 'block'),
        sh: `node "$TOOLS/prettier/bin/prettier.cjs" --cache --cache-location .cache/prettier --check src >/dev/null 2>&1
          node "$TOOLS/prettier/bin/prettier.cjs" --cache --check src >/dev/null 2>&1; true`,
      },
      {
        ...label('program', 'log', 'block'),
        sh: `npm install --logs-dir=. --no-audit file:nothing-here >/dev/null 2>&1; mkdir -p logs; npm ls --logs-dir=logs >/dev/null 2>&1; true`,
        except: [[/^package/, label('program', 'manifest', null)]],
      },
    ],
  },
  {
    name: 'python-project',
    about: 'a Python project without an ignore file: a person, the interpreter, pytest, venv, a rotating log, SQLite',
    before: `
      mkdir -p app tests data; echo 'def one(): return 1' > app/core.py; echo > app/__init__.py
      printf 'from app.core import one\\ndef test_one(): assert one() == 1\\n' > tests/test_core.py
      printf 'name,value\\na,1\\n' > data/table.csv`,
    steps: [
      {
        ...label('person', 'source', 'sync'),
        sh: `
          echo 'def one(): return 2 - 1' > app/core.py; echo 'def two(): return 2' > app/cache.py
          mkdir -p app/env app/migrations app/log; echo 'x = 1' > app/env/settings.py; echo 'x = 1' > app/migrations/0001_first.py
          echo 'x = 1' > app/log/__init__.py; echo 'requests==2' > requirements.txt; echo '{}' > analysis.ipynb`,
      },
      {
        ...label('person', 'data', 'sync'),
        sh: `printf 'b,2\\n' >> data/table.csv; printf 'x' > data/picture.png; printf '1' > data/20261120.dat`,
      },
      {
        ...label('program', 'cache', 'block'),
        sh: `python3 -m compileall -q app >/dev/null; python3 -m pytest -q >/dev/null 2>&1; true`,
      },
      {
        ...label('program', 'dependency', 'block'),
        sh: `/usr/bin/python3 -m venv --without-pip .venv >/dev/null 2>&1; true`,
      },
      {
        ...label('program', 'log', 'block'),
        sh: `python3 - <<'PY'
import logging, logging.handlers
h = logging.handlers.RotatingFileHandler('app.log', maxBytes=200, backupCount=3)
l = logging.getLogger(); l.addHandler(h); l.setLevel(20)
for i in range(20): l.info('line %d of a service', i)
PY`,
      },
      {
        ...label('program', 'half of a database', 'block'),
        sh: `python3 - <<'PY'
import sqlite3, time
c = sqlite3.connect('data/app.db'); c.execute('pragma journal_mode=wal'); c.execute('create table t (a)')
c.execute('insert into t values (1)'); c.commit(); time.sleep(0.5); c.close()
PY`,
        except: [[/\.db$/, label('program', 'database', null)]],
      },
    ],
  },
  {
    name: 'editors',
    about: 'vim, nano, mg and joe on terminals of their own, in notes with names that look like a machine’s',
    before: `
      mkdir -p notes; for f in today week swp.list 4913 tmp backup core; do echo "$f" > notes/$f.md; done
      echo text > 'notes/log.md'; echo text > notes/plan.txt; echo text > notes/draft`,
    steps: [
      {
        ...label('person', 'notes', 'sync'),
        sh: onTerminal(
          'vim -Nu NONE --cmd "set backup undofile undodir=. writebackup" notes/today.md',
          `printf 'ohello from vim\\033'; sleep 1; printf ':w\\r'; sleep 1; printf ':wq\\r'`,
        ),
        except: [
          [/\.sw.$|\.un~$|(^|\/)4913$/, swap],
          [/~$/, backup],
        ],
      },
      {
        ...label('person', 'notes', 'sync'),
        sh: onTerminal(
          'nano --ignorercfiles -B notes/week.md',
          `printf 'hello from nano'; sleep 1; printf '\\017\\r'; sleep 1; printf '\\030'`,
        ),
        except: [
          [/\.swp$/, swap],
          [/~$/, backup],
        ],
      },
      {
        ...label('person', 'notes', 'sync'),
        sh: onTerminal(
          'mg notes/core.md',
          `printf 'hello from mg'; sleep 1; printf '\\030\\023'; sleep 1; printf '\\030\\003'`,
        ),
        except: [[/~$/, backup]],
      },
      {
        ...label('person', 'notes', 'sync'),
        sh: onTerminal('joe notes/plan.txt', `printf 'hello from joe'; sleep 1; printf '\\013X'`),
        except: [
          [/~$/, backup],
          [/(^|\/)(DEADJOE|\.joe_state|\.#[^/]*)$/, swap],
        ],
      },
      {
        ...label('person', 'notes', 'sync'),
        sh: `cd notes; for f in 4913.md swp.list.md tmp.md backup.md 'log.md' draft; do echo more >> "$f"; done
          for f in 'Daily log.md' 2026-11-20.log.md cache.md .private.md 'a.bak.md' 'x~y.md' 'temp.txt' '#1 idea.md' 'lock.md' \\
            'service-status.md' 'sessions.md' 'notes.swp.md' '.swp-notes.md' 'v1.tmp.md' 'partial.md' 'download.md'; do echo x > "$f"; done
          mkdir -p tmp temp logs history cache; for d in tmp temp logs history cache; do echo note > $d/read.md; done`,
      },
    ],
  },
  {
    name: 'git-work',
    about: 'a person’s work with git and patch: switching, stashing, a conflict, staging, rejected hunks',
    before: `
      for f in a b c d e; do printf '1\\n2\\n3\\n4\\n5\\n' > $f.txt; done
      git add -A && git commit -qm base && git checkout -q -b other && printf 'other\\n2\\n3\\n4\\n5\\n' > a.txt && echo new > only-there.md
      git add -A && git commit -qm other && git checkout -q main && printf 'main\\n2\\n3\\n4\\n5\\n' > a.txt`,
    steps: [
      {
        ...label('person', 'not a change', 'block'),
        sh: `git checkout -q other; git checkout -q main; touch b.txt; cat c.txt > c.tmp; rm c.tmp`,
        except: [
          [/only-there/, label('person', 'not a change', null)],
          [/\.tmp$/, label('program', 'temporary', 'block')],
        ],
      },
      { ...label('person', 'stash', 'sync'), sh: `echo work > b.txt; git stash -q; git stash pop -q` },
      {
        ...label('person', 'conflict', 'hold'),
        sh: `git checkout -q -- b.txt; git merge other >/dev/null 2>&1; true`,
        except: [[/only-there/, label('person', 'staged', 'hold')]],
      },
      {
        ...label('person', 'source', 'sync'),
        sh: `git merge --abort; git diff main other -- a.txt > change.patch; echo more >> e.txt`,
        except: [
          [/^a\.txt$/, label('person', 'not a change', 'block')],
          [/only-there/, label('person', 'not a change', null)],
        ],
      },
      {
        ...label('program', 'rejected hunk', 'block'),
        sh: `printf 'x\\ny\\n' > d.txt; sed 's/a\\.txt/d.txt/g' change.patch | patch -p1 --no-backup-if-mismatch >/dev/null 2>&1; true`,
        except: [[/^d\.txt$/, label('person', 'source', 'sync')]],
      },
      {
        ...backup,
        sh: `printf '1\\nq\\n2\\n3\\n4\\n5\\n' > c.txt; printf -- '--- a/c.txt\\n+++ b/c.txt\\n@@ -2,3 +2,3 @@\\n 2\\n 3\\n-4\\n+four\\n' | patch -p1 >/dev/null 2>&1; true`,
        except: [
          [/^c\.txt$/, label('person', 'source', 'sync')],
          [/\.rej$/, label('program', 'rejected hunk', 'block')],
        ],
      },
      { ...label('person', 'staged', 'hold'), sh: `echo staged > e.txt; git add e.txt` },
    ],
  },
]
