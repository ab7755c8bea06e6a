import type { Form } from './forms.ts'
import { entropy } from './secret-values.ts'
import { isPlaceholder } from './secret-words.ts'

/**
 * Tokens that say whose they are, which the preset does not know. Each begins in a way that nothing else does; what
 * follows must look drawn, or manuals would be full of them.
 */
export const tokenForms: readonly Form[] = [
  {
    kind: 'Anthropic key',
    needs: ['sk-ant-'],
    pattern: /\bsk-ant-(?:oat|ort|sid|admin)\d\d-[\w-]{60,}/g,
    holds: looksDrawn,
  },
  { kind: 'OpenRouter key', needs: ['sk-or-v1-'], pattern: /\bsk-or-v1-[0-9a-f]{64}/g, holds: looksDrawn },
  {
    kind: 'Stripe key',
    needs: ['k_live_', 'whsec_'],
    pattern: /\b(?:[rs]k_live_|whsec_)[0-9A-Za-z]{20,}/g,
    holds: looksDrawn,
  },
  { kind: 'PyPI token', needs: ['pypi-'], pattern: /\bpypi-AgE[In][\w-]{50,}/g, holds: looksDrawn },
  {
    kind: 'npm login',
    needs: ['_auth', '_password'],
    pattern: /^(?:\/\/\S{1,256}:_(?:authToken|password|auth)|_auth(?:Token)?)\s?=\s?"?([\w+/=.-]{16,})/gm,
    holds: looksDrawn,
  },
  { kind: 'Google key', needs: ['aiza'], pattern: /\bAIza[\w-]{35}(?![\w-])/g, holds: looksDrawn },
  {
    kind: 'Google login',
    needs: ['gocspx-', 'ya29.', '1//0'],
    pattern: /\b(?:GOCSPX-[\w-]{28}|ya29\.[\w-]{30,}|1\/\/0[\w-]{40,})/g,
    holds: looksDrawn,
  },
  {
    kind: 'Slack token or webhook',
    needs: ['xapp-'],
    pattern: /\bxapp-\d-[A-Z0-9]{8,}-\d{8,}-[a-z0-9]{40,}/g,
    holds: looksDrawn,
  },
  {
    kind: 'webhook',
    needs: ['/webhooks/'],
    pattern: /\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{15,21}\/[\w-]{60,}/g,
    holds: looksDrawn,
  },
  {
    kind: 'webhook',
    needs: ['/incomingwebhook/'],
    pattern: /\boffice\.com\/webhook(?:b2)?\/[\da-f-]{36}@[\da-f-]{36}\/IncomingWebhook\/[\da-f]{32}\/[\da-f-]{36}/gi,
    holds: looksDrawn,
  },
  { kind: 'Telegram token', needs: [':aa'], pattern: /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g, holds: looksDrawn },
  { kind: 'Twilio key', needs: ['sk'], pattern: /\bSK[0-9a-f]{32}\b/g, holds: looksDrawn },
  { kind: 'Mailgun key', needs: ['key-'], pattern: /\bkey-[0-9a-f]{32}\b/g, holds: looksDrawn },
  { kind: 'Mailchimp key', needs: ['-us'], pattern: /\b[0-9a-f]{32}-us\d{1,2}\b/g, holds: looksDrawn },
  {
    kind: 'Square token',
    needs: ['sq0', 'eaaa'],
    pattern: /\b(?:sq0(?:atp|csp)-[\w-]{22,}|EAAA[\w-]{60}(?![\w-]))/g,
    holds: looksDrawn,
  },
  { kind: 'DigitalOcean token', needs: ['_v1_'], pattern: /\bdo[opr]_v1_[0-9a-f]{64}/g, holds: looksDrawn },
  { kind: 'Atlassian token', needs: ['atatt3'], pattern: /\bATATT3[\w=-]{60,}/g, holds: looksDrawn },
  { kind: 'RubyGems key', needs: ['rubygems_'], pattern: /\brubygems_[0-9a-f]{48}/g, holds: looksDrawn },
  { kind: 'Sentry token', needs: ['sntry'], pattern: /\bsntry[us]_[\w+/=-]{40,}/g, holds: looksDrawn },
  { kind: 'Pulumi token', needs: ['pul-'], pattern: /\bpul-[0-9a-f]{40}/g, holds: looksDrawn },
  { kind: 'Postman key', needs: ['pmak-'], pattern: /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}/g, holds: looksDrawn },
  { kind: 'Doppler token', needs: ['dp.'], pattern: /\bdp\.(?:pt|st|ct|sa)\.[\w.-]{40,}/g, holds: looksDrawn },
  { kind: 'Tailscale key', needs: ['tskey-'], pattern: /\btskey-[a-z]{2,10}-[\w-]{20,}/g, holds: looksDrawn },
  { kind: 'New Relic key', needs: ['nrak-'], pattern: /\bNRAK-[A-Z0-9]{27}\b/g, holds: looksDrawn },
  {
    kind: 'PlanetScale token',
    needs: ['pscale_'],
    pattern: /\bpscale_(?:tkn|pw|oauth)_[\w.-]{32,}/g,
    holds: looksDrawn,
  },
  { kind: 'Terraform token', needs: ['.atlasv1.'], pattern: /\b[\w]{14}\.atlasv1\.[\w-]{60,}/g, holds: looksDrawn },
  { kind: 'Replicate token', needs: ['r8_'], pattern: /\br8_[A-Za-z0-9]{37}\b/g, holds: looksDrawn },
  { kind: 'xAI key', needs: ['xai-'], pattern: /\bxai-[A-Za-z0-9]{70,}/g, holds: looksDrawn },
  { kind: 'Perplexity key', needs: ['pplx-'], pattern: /\bpplx-[A-Za-z0-9]{40,}/g, holds: looksDrawn },
  { kind: 'NuGet key', needs: ['oy2'], pattern: /\boy2[a-z0-9]{43}\b/g, holds: looksDrawn },
  { kind: 'Mapbox token', needs: ['sk.eyj1'], pattern: /\bsk\.eyJ1[\w-]{40,}\.[\w-]{20,}/g, holds: looksDrawn },
  {
    kind: 'Azure key',
    needs: ['accountkey=', 'sharedaccesskey=', 'sharedsecretvalue='],
    pattern: /\b(?:AccountKey|SharedAccessKey|SharedSecretValue)=[A-Za-z0-9+/]{42,86}={1,2}/g,
    holds: looksDrawn,
  },
  { kind: 'age key', needs: ['age-plugin-'], pattern: /\bAGE-PLUGIN-[A-Z0-9-]{10,}1[0-9A-Z]{20,}/g, holds: looksDrawn },
]

/** Of what somebody drew; `AIzaSyXXXXXXXX…` is a sample. */
const entropyMin = 3

export function looksDrawn(token: string): boolean {
  return entropy(token) >= entropyMin && !isPlaceholder(token) && !/0{8,}|1234567890/.test(token)
}
