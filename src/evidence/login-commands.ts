import type { Form } from './forms.ts'
import { isSecretValue } from './secret-values.ts'

const argument = String.raw`["']?([^\s"'|;<>]{4,200})`

/** A password as an argument, in scripts and in what a shell remembers. `option` is looked for within one command. */
function command(needs: string, names: string, option: string): Form {
  const pattern = new RegExp(String.raw`\b(?:${names})\b[^\n|;]{0,200}?\s${option}`, 'g')
  return { kind: 'password', needs: [needs], pattern, holds: isChosen }
}

function isChosen(value: string): boolean {
  return isSecretValue(value, 'password', 'password', 'code')
}

const word = String.raw`["']([^"'\n]{1,200})["']`
const callers =
  'login|authenticate|signIn|getConnection|mysqli?_connect|mysqli|PDO|pg_connect|ftp_login|imap_open|ldap_bind|' +
  'ssh2_auth_password|HTTPBasicAuth|HTTPDigestAuth|NetworkCredential|PasswordAuthentication|' +
  'UsernamePasswordCredentials|setCredentials|basic_auth|authorize'

export const commandForms: readonly Form[] = [
  command(
    'curl',
    'curl',
    String.raw`(?:-\w{0,5}u|--user|--proxy-user|-U)[ =]{0,2}["']?[^\s:"'$<{]{1,100}:([^\s"'|;<>]{4,200})`,
  ),
  command('mysql', 'mysql|mysqldump|mysqladmin|mysqlimport', `-p(?![\\s-])${argument}`),
  command('mariadb', 'mariadb|mariadb-dump|mariadb-admin', `-p(?![\\s-])${argument}`),
  command('sshpass', 'sshpass', `-p\\s{0,4}${argument}`),
  command(' login', '(?:docker|podman|nerdctl|helm registry|az|oc) login', `-p\\s{1,4}${argument}`),
  command('redis-cli', 'redis-cli', `-a\\s{1,4}${argument}`),
  command('ldap', 'ldap(?:search|modify|add|delete|passwd|whoami)', `-w\\s{1,4}${argument}`),
  command('htpasswd', 'htpasswd', String.raw`-\w{0,5}b\w{0,5}\s{1,4}\S{1,200}\s{1,4}\S{1,100}\s{1,4}${argument}`),
  command('smbclient', 'smbclient|rpcclient', String.raw`-U\s{0,4}["']?[^\s%"']{1,100}%([^\s"'|;<>]{4,200})`),
  command('pass:', 'openssl', String.raw`-pass(?:in|out|wd)?\s{1,4}pass:([^\s"'|;<>]{4,200})`),
  {
    kind: 'password',
    needs: ['| sudo', '|sudo', '--password-stdin', '--stdin'],
    pattern: new RegExp(
      String.raw`\becho\s{1,4}(?:-n\s)?["']?([^\s"'|;<>]{4,200})["']?\s{0,4}\|\s{0,4}` +
        String.raw`(?:sudo\s{1,4}-\w{0,5}S|[^\n|;]{1,100}--(?:password-)?stdin)`,
      'g',
    ),
    holds: isChosen,
  },
  {
    kind: 'password',
    needs: ['chpasswd'],
    pattern: /\becho\s{1,4}["']?[\w.-]{1,64}:([^\s"'|;<>]{4,200})["']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?chpasswd/g,
    holds: isChosen,
  },
  {
    kind: 'password',
    needs: callers
      .toLowerCase()
      .replaceAll('?', '')
      .split('|')
      .map((name) => `${name}(`),
    // A login given as arguments: the last literal in a row, behind the user's name.
    pattern: new RegExp(
      String.raw`\b(?:${callers})\(\s{0,20}(?:[\w.$]{1,40}\s{0,4},\s{0,4}){0,2}(?:${word}\s{0,4},\s{0,20}){1,2}${word}`,
      'g',
    ),
    holds: isChosen,
  },
  {
    kind: 'password',
    needs: ['login('],
    // Behind a mail address a plain word is a password too.
    pattern: /\blogin\(\s{0,20}["'][\w.+-]{1,64}@[\w.-]{3,100}["']\s{0,4},\s{0,20}["']([^"'\n]{5,200})["']/g,
    holds: (value) => isSecretValue(value, 'password', 'password', 'config'),
  },
]
