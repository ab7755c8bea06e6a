#!/usr/bin/env bash
# What people install: packed, installed elsewhere without our development tools, and used, on the oldest and on a newer
# Node. About half a minute, most of it the registry's.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

fail() {
  echo "package: $1" >&2
  exit 1
}

npm run -s build
npm pack --silent --ignore-scripts --pack-destination "$place" >"$place/packed"
package=$place/$(tail -n 1 "$place/packed")
listing=$(tar -tzf "$package")
for wanted in README.md LICENSE bin/workspace-sync.js dist/cli/cli.js config/default.json filters/litter.rules; do
  grep -qx "package/$wanted" <<<"$listing" || fail "$wanted is not in it"
done
if grep -E '^package/(src|test|\.ci)/' <<<"$listing"; then fail 'what only we need is in it'; fi

install() {
  npm install --no-audit --no-fund --loglevel=error --prefer-offline "$@" >/dev/null
}
install --global --prefix "$place/global" --omit=dev "$package"
install --prefix "$place/node24" node@24
newer=$place/node24/node_modules/node/bin
[ "$("$newer/node" -p 'process.versions.node.split(".")[0]')" = 24 ] || fail 'there is no Node 24 to try it on'

export HOME=$place/home XDG_CONFIG_HOME=$place/home/.config GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.invalid
version=$(node -p 'require("./package.json").version')

try() {
  local work=$place/work-$1 remote=$place/remote-$1.git
  [ "$(workspace-sync --version)" = "$version" ] || fail "the version is not $version"
  git init -q --bare -b main "$remote"
  git init -q -b main "$work"
  cd "$work"
  git remote add origin "$remote"
  git commit -q --allow-empty -m first
  git push -q -u origin main
  mkdir -p docs
  echo text >docs/note.md
  echo '{"timestamp":1}' >beat.json
  workspace-sync test-filter docs/note.md >/dev/null || fail 'test-filter does not let a note through'
  workspace-sync start --once >/dev/null || fail 'start --once failed'
  [ "$(git -C "$remote" show main:docs/note.md)" = text ] || fail 'the note is not on the remote'
  # The daemon in the background, with what it loads only there.
  workspace-sync start >/dev/null
  workspace-sync status --json | grep -q '"running":true' || fail 'the daemon does not run'
  workspace-sync completion bash | bash -n || fail 'the completion is no script'
  workspace-sync stop >/dev/null
  cd - >/dev/null
  echo "package: works on Node $(node --version)"
}
export PATH=$place/global/bin:$PATH
try this
PATH=$newer:$PATH try newer
