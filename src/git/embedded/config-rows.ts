interface ConfigRow {
  readonly name: string
  /** Of a key as `git config --list` prints it. */
  readonly pattern: RegExp
  /** Values with which the setting does nothing. */
  readonly unless: RegExp
  /** What only git would do about it. */
  readonly why: string
}

const no = /^(?:false|no|off|0|)$/i
/** No text fits. */
const never = /(?!)/

/** Settings that change bytes, modes, names, hooks, signatures or the way to a remote. */
export const configRows: readonly ConfigRow[] = [
  row('include', /^include(?:if\..*)?\.path$/s, never, 'what it includes is not read'),
  row('repository-format', /^core\.repositoryformatversion$/, /^0$/, 'the repository is of a kind that only git knows'),
  row('repository-format', /^extensions\./, never, 'the repository is of a kind that only git knows'),
  row('bare', /^core\.bare$/, no, 'git takes it for one without a work tree'),
  row('linked-worktree', /^core\.worktree$/, never, 'the work tree lies elsewhere'),
  row('line-ends', /^core\.autocrlf$/, no, 'line ends would not be converted'),
  row('line-ends', /^core\.eol$/, /^(?:native|)$/i, 'line ends would not be converted'),
  row('file-mode', /^core\.filemode$/, /^(?:true|yes|on|1)$/i, 'modes on disk mean nothing'),
  row('symlinks', /^core\.symlinks$/, /^(?:true|yes|on|1)$/i, 'links are kept as files'),
  row('ignore-case', /^core\.ignorecase$/, no, 'names that differ in case are one file'),
  row('unicode', /^core\.precomposeunicode$/, no, 'names would be spelt another way'),
  row('sparse-checkout', /^core\.sparsecheckout(?:cone)?$/, no, 'files are left out on purpose'),
  row('split-index', /^core\.splitindex$/, no, 'the index is kept in two files'),
  row('sparse-index', /^index\.sparse$/, no, 'the index leaves directories out'),
  row('index-version', /^index\.version$/, /^[23]$/, 'the index has another form'),
  row('skip-hash', /^index\.skiphash$/, no, 'the index has no checksum'),
  row('index-version', /^feature\.manyfiles$/, no, 'the index has another form'),
  row('attributes', /^core\.attributesfile$/, never, 'attributes are not heeded'),
  row('hooks', /^core\.hookspath$/, /^\/dev\/null$/, 'its hooks would not run'),
  row('signing', /^(?:commit|push)\.gpgsign$/, no, 'nothing would be signed'),
  row('encoding', /^i18n\.commitencoding$/, /^utf-?8$/i, 'messages are written in UTF-8'),
  row('shared', /^core\.sharedrepository$/, /^(?:false|no|off|0|umask|)$/i, 'files would get other modes'),
  row('partial-clone', /^remote\..*\.(?:promisor|partialclonefilter)$/s, no, 'it is a partial clone'),
  row('address', /^url\..*\.(?:insteadof|pushinsteadof)$/s, never, 'addresses would not be rewritten'),
  row('remote', /^remote\..*\.vcs$/s, never, 'another program leads to it'),
  row('proxy', /^(?:remote\..*\.proxy|core\.gitproxy)$/s, never, 'the proxy would not be used'),
  // What is left of `http.` leads elsewhere or decides whom to trust; these tune a transfer only.
  row(
    'http',
    /^http\.(?:.*\.)?(?!(?:lowspeedlimit|lowspeedtime|postbuffer|useragent|version|maxrequests)$)[a-z]+$/s,
    never,
    'it would not be heeded',
  ),
]

function row(name: string, pattern: RegExp, unless: RegExp, why: string): ConfigRow {
  return { name, pattern, unless, why }
}
