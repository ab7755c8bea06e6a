/** Tokens of services, each known by how it begins and how long it is: what is looked for, and never shown. */

export interface Token {
  readonly kind: string
  /** No pattern. */
  readonly prefix: string
  readonly pattern: RegExp
}

const word = 'A-Za-z0-9'
const hex = '[\\da-f]'

/** What a token is called, how it begins (no pattern), and what follows. */
type Row = readonly [kind: string, prefix: string, tail: string]

const rows: readonly Row[] = [
  ['Adafruit key', 'aio_', `[${word}]{28}`],
  ['Adobe secret', 'p8e-', `[${word}]{32}`],
  ['Airtable token', 'pat', `[${word}]{14}\\.${hex}{64}`],
  ['Alibaba key', 'LTAI', `[${word}]{12,24}`],
  ['Anthropic key', 'sk-ant-api', '\\d\\d-[\\w-]{60,}'],
  ['AppSync key', 'da2-', '[a-z0-9]{26}'],
  ['Artifactory token', 'AKCp', `[${word}]{60,80}`],
  ['Artifactory token', 'cmVmd', `[${word}]{55,60}`],
  ['Atlassian token', 'ATCTT3', '[\\w=-]{60,}'],
  ['Atlassian token', 'ATBB', `[${word}]{28,36}`],
  ['Bedrock key', 'ABSK', `[${word}+/]{109,269}=`],
  ['Brevo key', 'xkeysib-', `${hex}{64}-[${word}]{16}`],
  ['Buildkite token', 'bkua_', `${hex}{40}`],
  ['CircleCI token', 'CCIPAT_', `[${word}]{22}_${hex}{40}`],
  ['ClickHouse key', '4b1d', `[${word}]{38}`],
  ['Clojars token', 'CLOJARS_', `[${word}]{60}`],
  ['Cloudflare token', 'cfat_', `[${word}]{40,}`],
  ['Cloudflare token', 'cfut_', `[${word}]{40,}`],
  ['Cloudflare key', 'cfk_', `[${word}]{40,}`],
  ['Cloudflare key', 'v1.0-', `${hex}{24}-${hex}{146}`],
  ['Contentful token', 'CFPAT-', '[\\w-]{43}'],
  ['crates.io token', 'cio', `[${word}]{32}`],
  ['Docker token', 'dckr_oat_', '[\\w-]{27,}'],
  ['Doppler token', 'dp.scim.', '[\\w.-]{40,}'],
  ['Doppler token', 'dp.audit.', '[\\w.-]{40,}'],
  ['Dropbox token', 'sl.', '[\\w-]{100,}'],
  ['Duffel token', 'duffel_live_', '[\\w=-]{43}'],
  ['Dynatrace token', 'dt0', `[a-z]01\\.[${word}]{24}\\.[${word}]{64}`],
  ['EasyPost key', 'EZAK', `[${word}]{54}`],
  ['EasyPost key', 'EZTK', `[${word}]{54}`],
  ['Facebook token', 'EAA', `[A-Z][${word}]{100,}`],
  ['Flutterwave key', 'FLWSECK-', `[${word}]{32}-X`],
  ['Flutterwave key', 'FLWSECK_TEST-', `[${word}]{32}-X`],
  ['Fly.io token', 'fo1_', '[\\w-]{43}'],
  ['Fly.io token', 'fm2_', `[${word}+/]{100,}`],
  ['Frame.io token', 'fio-u-', '[\\w=-]{64}'],
  ['GitLab token', 'GR1348941', '[\\w-]{20}'],
  ['Grafana token', 'glc_', `[${word}+/]{32,400}`],
  ['Grafana token', 'eyJrIjoi', `[${word}]{70,400}`],
  ['Heroku key', 'HRKU-', '[\\w-]{36,64}'],
  ['HubSpot token', 'pat-na', `\\d-${hex}{8}(?:-${hex}{4}){3}-${hex}{12}`],
  ['HubSpot token', 'pat-eu', `\\d-${hex}{8}(?:-${hex}{4}){3}-${hex}{12}`],
  ['Infracost key', 'ico-', `[${word}]{32}`],
  ['LangSmith key', 'lsv2_', `(?:pt|sk)_${hex}{32}_${hex}{10}`],
  ['Linear token', 'lin_oauth_', `[${word}]{40,}`],
  ['LlamaIndex key', 'llx-', '[\\w-]{40,}'],
  ['MailerSend token', 'mlsn.', `${hex}{64}`],
  ['Netlify token', 'nfp_', `[${word}]{36,}`],
  ['New Relic key', 'NRAA-', `${hex}{27}`],
  ['New Relic key', 'NRII-', '[\\w-]{32}'],
  ['New Relic key', 'NRIQ-', '[\\w-]{32}'],
  ['New Relic key', 'NRRA-', `${hex}{42}`],
  ['Notion token', 'secret_', `[${word}]{43}`],
  ['Octopus key', 'API-', '[A-Z0-9]{26}'],
  ['OpenAI key', 'sk-proj-', '[\\w-]{40,}'],
  ['OpenAI key', 'sk-svcacct-', '[\\w-]{40,}'],
  ['OpenAI key', 'sk-admin-', '[\\w-]{40,}'],
  ['OpenShift token', 'sha256~', '[\\w-]{43}'],
  ['PayPal token', 'access_token$production$', `[a-z0-9]{16}\\$${hex}{32}`],
  ['Plaid token', 'access-production-', `${hex}{8}(?:-${hex}{4}){3}-${hex}{12}`],
  ['PostHog key', 'phx_', `[${word}]{43,}`],
  ['PostHog key', 'phs_', `[${word}]{43,}`],
  ['Prefect key', 'pnu_', `[${word}]{36}`],
  ['Razorpay key', 'rzp_live_', `[${word}]{14,}`],
  ['ReadMe key', 'rdme_', '[a-z0-9]{70}'],
  ['Resend key', 're_', `[${word}]{8}_[${word}]{20,}`],
  ['Rootly key', 'rootly_', `${hex}{64}`],
  ['Scalingo token', 'tk-us-', '[\\w-]{48}'],
  ['SettleMint token', 'sm_pat_', `[${word}]{16}`],
  ['SettleMint token', 'sm_aat_', `[${word}]{16}`],
  ['SettleMint token', 'sm_sat_', `[${word}]{16}`],
  ['SendGrid key', 'SG.', '[\\w-]{22}\\.[\\w-]{43}(?![\\w-])'],
  ['Shippo token', 'shippo_', `(?:live|test)_${hex}{40}`],
  ['Slack token or webhook', 'xoxe', `(?:\\.xox[bp])?-\\d-[${word}]{100,}`],
  ['Slack token or webhook', 'hooks.slack.com/', `(?:workflows|triggers)/[${word}/]{30,}`],
  ['SonarQube token', 'sq', `[aup]_${hex}{40}`],
  ['Sourcegraph token', 'sgp_', `(?:(?:${hex}{16}|local)_)?${hex}{40}`],
  ['Stripe key', 'sk_test_', `[${word}]{24,}`],
  ['Stripe key', 'rk_test_', `[${word}]{24,}`],
  ['Supabase token', 'sbp_', `(?:v\\d_)?${hex}{40}`],
  ['Supabase token', 'sb_secret_', '[\\w-]{20,}'],
  ['Tavily key', 'tvly-', `(?:[a-z]{2,5}-)?[${word}]{30,}`],
  ['Together key', 'tgp_v1_', '[\\w-]{40,}'],
  ['Typeform token', 'tfp_', '[\\w.-]{40,60}'],
  ['Vault token', 'hvs.', '[\\w-]{24,}'],
  ['Vault token', 'hvb.', '[\\w-]{24,}'],
  ['Vault token', 'hvr.', '[\\w-]{24,}'],
  ['X token', 'AAAAAAAAAAAAAAAAAAAAA', `[${word}%]{60,}`],
]

/**
 * What may not stand before it is asked behind the prefix: an engine looks for letters quickly, and for what precedes
 * them at each place. A prefix of letters alone is met in the middle of data in base64, too. The letter of an escape
 * (`\\n`) is none of a word.
 */
function tokenPattern(prefix: string, tail: string): RegExp {
  const before = /^[A-Za-z0-9]+$/.test(prefix) ? `[${word}+/]` : `[${word}]`
  const literal = escaped(prefix)
  return new RegExp(`${literal}(?<!(?<!\\\\)${before}${literal})${tail}(?![${word}])`, 'g')
}

function escaped(prefix: string): string {
  return prefix.replace(/[.$/]/g, '\\$&')
}

/** These the guard's other tables know, most of them kept by others; here they are for what is shown, and for names. */
const others: readonly Row[] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix): Row => ['GitHub token', prefix, `[${word}]{36,}`]),
  ['GitHub token', 'github_pat_', '\\w{60,}'],
  ...['AKIA', 'ASIA'].map((prefix): Row => ['AWS key', prefix, '[A-Z0-9]{16}']),
  ...['glpat-', 'gldt-', 'glrt-', 'glptt-'].map((prefix): Row => ['GitLab token', prefix, '[\\w-]{20,}']),
  ['Slack token or webhook', 'xox', `[abposr]-[${word}-]{20,}`],
  ['Slack token or webhook', 'xapp-', `\\d-[${word}-]{40,}`],
  ['Slack token or webhook', 'hooks.slack.com/services/', `[${word}/]{30,}`],
  ['npm token', 'npm_', `[${word}]{36}`],
  ['OpenAI key', 'sk-', `[${word}]{20}T3BlbkFJ[${word}]{20}`],
  ['Anthropic key', 'sk-ant-', '[a-z]{3,5}\\d\\d-[\\w-]{60,}'],
  ['OpenRouter key', 'sk-or-v1-', `${hex}{64}`],
  ...['sk_live_', 'rk_live_', 'whsec_'].map((prefix): Row => ['Stripe key', prefix, `[${word}]{20,}`]),
  ['Google key', 'AIza', '[\\w-]{35}'],
  ['Google login', 'ya29.', '[\\w-]{30,}'],
  ['Google login', 'GOCSPX-', '[\\w-]{28}'],
  ['Hugging Face token', 'hf_', '[A-Za-z]{34}'],
  ['Groq key', 'gsk_', `[${word}]{52}`],
  ['Linear token', 'lin_api_', `[${word}]{40}`],
  ['Notion token', 'ntn_', `[${word}]{46}`],
  ...['shpat_', 'shpss_', 'shpca_', 'shppa_'].map((prefix): Row => ['Shopify key', prefix, `[${word}]{32}`]),
  ['Grafana token', 'glsa_', `[${word}]{32}_${hex}{8}`],
  ['Databricks token', 'dapi', `${hex}{32}`],
  ['Docker token', 'dckr_pat_', '[\\w-]{27,}'],
  ['Figma token', 'figd_', '[\\w-]{40,}'],
  ['PyPI token', 'pypi-', 'AgE[In][\\w-]{50,}'],
  ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((prefix): Row => ['DigitalOcean token', prefix, `${hex}{64}`]),
  ['Atlassian token', 'ATATT3', '[\\w=-]{60,}'],
  ['RubyGems key', 'rubygems_', `${hex}{48}`],
  ['Pulumi token', 'pul-', `${hex}{40}`],
  ['Tailscale key', 'tskey-', '[a-z]{2,10}-[\\w-]{20,}'],
  ['Replicate token', 'r8_', `[${word}]{37}`],
  ['xAI key', 'xai-', `[${word}]{70,}`],
  ['Perplexity key', 'pplx-', `[${word}]{40,}`],
  ['JSON web token', 'eyJ', '[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{10,}'],
]

const tokenOf = ([kind, prefix, tail]: Row): Token => ({ kind, prefix, pattern: tokenPattern(prefix, tail) })

/** By their prefix alone. */
export const prefixTokens: readonly Token[] = rows.map(tokenOf)

/** Most of what is shown has none of them: compiled when first asked. */
let shown: { readonly hint: RegExp; readonly tokens: readonly Token[] } | null = null

function shownTokens(text: string): readonly Token[] {
  shown ??= {
    hint: new RegExp([...rows, ...others].map(([, prefix]) => escaped(prefix)).join('|')),
    tokens: [...prefixTokens, ...others.map(tokenOf)],
  }
  return shown.hint.test(text) ? shown.tokens.filter(({ prefix }) => text.includes(prefix)) : []
}

/** The tokens in a text that is not a file's, such as a name. */
export function tokensIn(text: string): readonly { readonly kind: string; readonly token: string }[] {
  return shownTokens(text).flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(([token]) => ({ kind, token })),
  )
}

/** For people, logs and other programs: of a token only its begin is left, which says what it is. */
export function masked(text: string): string {
  return shownTokens(text).reduce((rest, { prefix, pattern }) => rest.replaceAll(pattern, `${prefix}***`), text)
}
